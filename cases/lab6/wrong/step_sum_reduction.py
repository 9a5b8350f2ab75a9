# /// case
# about = "the sum of the losses in place of the mean"
# expect = { test_step_loss = "zero", test_step_update = "zero", test_step_zero_grad = "zero" }
# rest = "any"
# ///
# %% step
def training_step(model, x, y, lr=0.1):
    model.zero_grad()
    loss = F.smooth_l1_loss(model(x), y, reduction="sum")
    loss.backward()
    with torch.no_grad():
        for p in model.parameters():
            if p.grad is not None:
                p -= lr * p.grad
    return loss.item()
