# /// case
# about = "one batch is drawn for nothing"
# expect = { test_train_stops = "zero" }
# rest = "any"
# ///
# %% train
def train(model, get_batch, lr=0.1, tol=1e-3, max_steps=10_000):
    x, y = get_batch()
    losses = []
    for _ in range(max_steps):
        losses.append(training_step(model, x, y, lr=lr))
        x, y = get_batch()
        if losses[-1] < tol:
            break
    return losses
