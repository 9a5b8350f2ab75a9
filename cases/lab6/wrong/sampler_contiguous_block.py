# /// case
# about = "a block of neighbouring rows at a random place"
# expect = { test_sampler = "zero" }
# rest = "any"
# ///
# %% sampler
def sample_batch(X, y, batch_size=32, generator=None):
    start = torch.randint(len(X), (1,), generator=generator)
    rows = (start + torch.arange(batch_size)) % len(X)
    return X[rows], y[rows]
