# /// case
# about = "a while loop on the training step"
# ///
# %% train
def train(model, get_batch, lr=0.1, tol=1e-3, max_steps=10_000):
    losses = []
    while len(losses) < max_steps:
        x, y = get_batch()
        losses.append(training_step(model, x, y, lr))
        if losses[-1] < tol:
            break
    return losses
