# /// case
# about = "without a generator, a new one with seed 0 every time"
# expect = { test_sampler = "zero" }
# rest = "any"
# ///
# %% sampler
def sample_batch(X, y, batch_size=32, generator=None):
    if generator is None:
        generator = torch.Generator().manual_seed(0)
    rows = torch.randint(len(X), (batch_size,), generator=generator)
    return X[rows], y[rows]
