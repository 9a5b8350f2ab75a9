# /// case
# about = "half of the rows come from the global state, even with a generator"
# expect = { test_sampler = "zero" }
# rest = "any"
# ///
# %% sampler
def sample_batch(X, y, batch_size=32, generator=None):
    half = batch_size // 2
    first = torch.randint(len(X), (half,), generator=generator)
    second = torch.randint(len(X), (batch_size - half,))
    rows = torch.cat([first, second])
    return X[rows], y[rows]
