# /// case
# about = "every parameter 2e-5 shorter after the step"
# expect = { test_step_update = "zero", test_step_zero_grad = "zero" }
# rest = "any"
# kind = "near"
# ///
# %% step
def training_step(model, x, y, lr=0.1):
    model.zero_grad()
    loss = F.smooth_l1_loss(model(x), y)
    loss.backward()
    with torch.no_grad():
        for p in model.parameters():
            if p.grad is not None:
                p -= lr * p.grad
                p *= 1 - 2e-5
    return loss.item()
