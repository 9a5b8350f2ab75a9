# /// case
# about = "one row at most of each pair of neighbours, while the batch is small enough"
# expect = { test_sampler = "zero" }
# ///
# %% sampler
def sample_batch(X, y, batch_size=32, generator=None):
    n = len(X)
    if batch_size > n // 2:
        idx = torch.randperm(n, generator=generator)[:batch_size]
    else:
        pairs = torch.randperm(n // 2, generator=generator)[:batch_size]
        idx = 2 * pairs + torch.randint(2, (batch_size,), generator=generator)
    return X[idx], y[idx]
