# /// case
# about = "a weight decay of 0.01, which moves a parameter by a thousandth of itself"
# expect = { test_step_update = "zero", test_step_loss = "full" }
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
                p -= lr * (p.grad + 0.01 * p)
    return loss.item()
