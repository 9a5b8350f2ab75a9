# /// case
# about = "get_batch is defined again, the argument is used"
# ///
# %% train
def get_batch(batch_size=32):
    x = torch.randn(batch_size)
    return make_features(x), make_features(x) @ W_target + b_target

def train(model, get_batch, lr=0.1, tol=1e-3, max_steps=10_000):
    losses = [float("inf")]
    while losses[-1] >= tol and len(losses) <= max_steps:
        losses.append(training_step(model, *get_batch(), lr))
    del losses[0]
    return losses
