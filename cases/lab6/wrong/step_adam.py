# /// case
# about = "Adam in place of the plain step"
# expect = { test_step_update = "zero", test_step_zero_grad = "zero", test_step_loss = "full" }
# rest = "any"
# ///
# %% step
def training_step(model, x, y, lr=0.1):
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    optimizer.zero_grad()
    loss = F.smooth_l1_loss(model(x), y)
    loss.backward()
    optimizer.step()
    return loss.item()
