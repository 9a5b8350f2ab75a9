# /// case
# about = "the last row never comes"
# expect = { test_sampler = "zero" }
# rest = "any"
# ///
# %% sampler
def sample_batch(X, y, batch_size=32, generator=None):
    rows = torch.randint(len(X) - 1, (batch_size,), generator=generator)
    return X[rows], y[rows]
