# /// case
# about = "records losses and never steps"
# expect = { test_train_recovers_target = "zero", test_train_follows_reference = "zero" }
# rest = "any"
# ///
# %% train
def train(model, get_batch, lr=0.1, tol=1e-3, max_steps=10_000):
    losses = []
    while len(losses) < max_steps:
        x, y = get_batch()
        losses.append(F.smooth_l1_loss(model(x), y).item())
        if losses[-1] < tol or len(losses) == 500:
            break
    return losses
