# /// case
# about = "torch.autograd.grad on the parameters that require one, .grad never used"
# ///
# %% step
def training_step(model, x, y, lr=0.1):
    active = [p for p in model.parameters() if p.requires_grad]
    loss = F.smooth_l1_loss(model(x), y, reduction="mean", beta=1.0)
    gradients = torch.autograd.grad(loss, active)
    with torch.no_grad():
        for parameter, gradient in zip(active, gradients):
            parameter.copy_(parameter - lr * gradient)
    return loss.item()
