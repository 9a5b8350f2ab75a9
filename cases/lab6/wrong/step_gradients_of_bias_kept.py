# /// case
# about = "only the gradients of weights are cleared"
# expect = { test_step_zero_grad = "zero" }
# rest = "any"
# ///
# %% step
def training_step(model, x, y, lr=0.1):
    for p in model.parameters():
        if p.dim() > 1:
            p.grad = None
    loss = F.smooth_l1_loss(model(x), y)
    loss.backward()
    with torch.no_grad():
        for p in model.parameters():
            if p.grad is not None:
                p -= lr * p.grad
    return loss.item()
