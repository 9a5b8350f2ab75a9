# /// case
# about = "one row of each of batch_size parts: no two of one part"
# expect = { test_sampler = "zero" }
# ///
# %% sampler
def sample_batch(X, y, batch_size=32, generator=None):
    n = len(X)
    edges = torch.rand(batch_size, generator=generator, dtype=torch.float64)
    idx = ((torch.arange(batch_size) + edges) * n / batch_size).long().clamp(max=n - 1)
    return X[idx], y[idx]
