# /// case
# about = "always 32 rows"
# expect = { test_sampler = "zero" }
# rest = "any"
# ///
# %% sampler
def sample_batch(X, y, batch_size=32, generator=None):
    rows = torch.randint(len(X), (32,), generator=generator)
    return X[rows], y[rows]
