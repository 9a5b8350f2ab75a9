# /// case
# about = "the loss is right and nothing is learnt"
# expect = { test_step_update = "zero", test_step_zero_grad = "zero", test_step_loss = "full" }
# rest = "any"
# ///
# %% step
def training_step(model, x, y, lr=0.1):
    return F.smooth_l1_loss(model(x), y).item()
