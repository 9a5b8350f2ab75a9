# /// case
# about = "torch.func on a dictionary of parameters"
# ///
# %% step
from torch.func import functional_call, grad_and_value

def training_step(model, x, y, lr=0.1):
    live = {k: p.detach().clone() for k, p in model.named_parameters() if p.requires_grad}
    def loss_of(live):
        return F.smooth_l1_loss(functional_call(model, live, (x,)), y)
    grads, loss = grad_and_value(loss_of)(live)
    with torch.no_grad():
        for k, p in model.named_parameters():
            if k in grads:
                p += -lr * grads[k]
    return loss.item()
