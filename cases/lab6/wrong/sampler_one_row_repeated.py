# /// case
# about = "one random row, repeated"
# expect = { test_sampler = "zero" }
# rest = "any"
# ///
# %% sampler
def sample_batch(X, y, batch_size=32, generator=None):
    rows = torch.randint(len(X), (1,), generator=generator).repeat(batch_size)
    return X[rows], y[rows]
