# /// case
# about = "a step of the sign of the gradient"
# expect = { test_step_update = "zero", test_step_zero_grad = "zero", test_step_loss = "full" }
# rest = "any"
# ///
# %% step
def training_step(model, x, y, lr=0.1):
    model.zero_grad()
    loss = F.smooth_l1_loss(model(x), y)
    loss.backward()
    with torch.no_grad():
        for p in model.parameters():
            if p.grad is not None:
                p -= lr * p.grad.sign()
    return loss.item()
