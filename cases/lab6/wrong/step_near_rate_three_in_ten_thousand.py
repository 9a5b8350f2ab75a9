# /// case
# about = "the rate 3e-4 too large"
# expect = { test_step_update = "zero" }
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
                p -= 1.0003 * lr * p.grad
    return loss.item()
