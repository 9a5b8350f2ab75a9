# /// case
# about = "4e-5 added to the loss"
# expect = { test_step_loss = "zero" }
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
    return loss.item() + 4e-5
