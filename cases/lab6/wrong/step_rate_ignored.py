# /// case
# about = "the rate is always 0.1"
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
                p -= 0.1 * p.grad
    return loss.item()
