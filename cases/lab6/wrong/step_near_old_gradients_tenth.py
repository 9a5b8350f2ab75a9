# /// case
# about = "a tenth of the old gradients kept"
# expect = { test_step_zero_grad = "zero" }
# rest = "any"
# kind = "near"
# ///
# %% step
def training_step(model, x, y, lr=0.1):
    for p in model.parameters():
        if p.grad is not None:
            p.grad.mul_(0.1)
    loss = F.smooth_l1_loss(model(x), y)
    loss.backward()
    with torch.no_grad():
        for p in model.parameters():
            if p.grad is not None:
                p -= lr * p.grad
    return loss.item()
