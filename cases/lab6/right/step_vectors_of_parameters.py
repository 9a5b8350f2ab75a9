# /// case
# about = "the update on one long vector, copied back in place"
# ///
# %% step
from torch.nn.utils import parameters_to_vector

def training_step(model, x, y, lr=0.1):
    active = [p for p in model.parameters() if p.requires_grad]
    loss = F.smooth_l1_loss(model(x), y)
    gradient = torch.cat([g.reshape(-1) for g in torch.autograd.grad(loss, active)])
    moved = parameters_to_vector(active).detach() - lr * gradient
    at = 0
    with torch.no_grad():
        for p in active:
            p.copy_(moved[at : at + p.numel()].view_as(p))
            at += p.numel()
    return loss.item()
