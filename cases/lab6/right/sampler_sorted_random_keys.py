# /// case
# about = "the rows with the smallest random keys"
# ///
# %% sampler
def sample_batch(X, y, batch_size=32, generator=None):
    keys = torch.rand(len(X), generator=generator, dtype=torch.float64)
    rows = keys.argsort()[:batch_size]
    return X[rows].clone(), y[rows].clone()
