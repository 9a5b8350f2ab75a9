# /// case
# about = "batch_size - 1 rows, at least one"
# expect = { test_sampler = "zero" }
# rest = "any"
# ///
# %% sampler
def sample_batch(X, y, batch_size=32, generator=None):
    rows = torch.randint(len(X), (max(batch_size - 1, 1),), generator=generator)
    return X[rows], y[rows]
