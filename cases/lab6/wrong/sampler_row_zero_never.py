# /// case
# about = "row 0 never comes"
# expect = { test_sampler = "zero" }
# rest = "any"
# ///
# %% sampler
def sample_batch(X, y, batch_size=32, generator=None):
    rows = torch.randint(1, len(X), (batch_size,), generator=generator)
    return X[rows], y[rows]
