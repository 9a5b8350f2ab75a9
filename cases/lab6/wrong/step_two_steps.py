# /// case
# about = "two steps on one batch"
# expect = { test_step_update = "zero", test_step_zero_grad = "zero", test_step_loss = "full" }
# rest = "any"
# ///
# %% step
def training_step(model, x, y, lr=0.1):
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    first = None
    for _ in range(2):
        optimizer.zero_grad()
        loss = F.smooth_l1_loss(model(x), y)
        first = first if first is not None else loss.item()
        loss.backward()
        optimizer.step()
    return first
