# /// case
# about = "a generator of losses, collected until one is small"
# ///
# %% train
def _losses(model, get_batch, lr):
    while True:
        yield training_step(model, *get_batch(), lr=lr)

def train(model, get_batch, lr=0.1, tol=1e-3, max_steps=10_000):
    collected = []
    for loss in _losses(model, get_batch, lr):
        collected.append(float(loss))
        if loss < tol or len(collected) >= max_steps:
            return collected
