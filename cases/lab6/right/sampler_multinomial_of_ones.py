# /// case
# about = "multinomial with equal weights, which is right"
# ///
# %% sampler
def sample_batch(X, y, batch_size=32, generator=None):
    weights = torch.ones(len(X))
    rows = torch.multinomial(weights, batch_size, replacement=True, generator=generator)
    return [X[rows], y[rows]]
