# /// case
# about = "parameters that require no gradient are trained too"
# expect = { test_step_update = "zero", test_step_loss = "full" }
# rest = "any"
# ///
# %% step
def training_step(model, x, y, lr=0.1):
    before = [p.requires_grad for p in model.parameters()]
    for p in model.parameters():
        p.requires_grad_(True)
    model.zero_grad()
    loss = F.smooth_l1_loss(model(x), y)
    loss.backward()
    with torch.no_grad():
        for p, flag in zip(model.parameters(), before):
            p -= lr * p.grad
            p.requires_grad_(flag)
    return loss.item()
