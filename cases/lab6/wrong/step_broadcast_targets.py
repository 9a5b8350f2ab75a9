# /// case
# about = "a target of shape (n,) against (n, 1): every prediction with every label"
# expect = { test_step_loss = "zero", test_step_update = "zero" }
# rest = "any"
# ///
# %% step
def training_step(model, x, y, lr=0.1):
    model.zero_grad()
    loss = F.smooth_l1_loss(model(x), y.flatten().expand(len(x), -1) if y.shape[1] == 1 else y.roll(1, 0))
    loss.backward()
    with torch.no_grad():
        for p in model.parameters():
            if p.grad is not None:
                p -= lr * p.grad
    return loss.item()
