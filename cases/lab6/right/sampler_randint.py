# /// case
# about = "row numbers with replacement"
# ///
# %% sampler
def sample_batch(X, y, batch_size=32, generator=None):
    rows = torch.randint(0, X.shape[0], (batch_size,), generator=generator)
    return X[rows], y[rows]
