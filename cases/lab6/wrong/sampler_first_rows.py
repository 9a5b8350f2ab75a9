# /// case
# about = "always the first rows"
# expect = { test_sampler = "zero" }
# rest = "any"
# ///
# %% sampler
def sample_batch(X, y, batch_size=32, generator=None):
    rows = torch.arange(batch_size)
    return X[rows], y[rows]
