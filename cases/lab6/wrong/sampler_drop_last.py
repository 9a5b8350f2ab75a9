# /// case
# about = "the rows behind the last full batch are never drawn"
# expect = { test_sampler = "zero" }
# ///
# %% sampler
def sample_batch(X, y, batch_size=32, generator=None):
    n = len(X) // batch_size * batch_size
    idx = torch.randperm(n, generator=generator)[:batch_size]
    return X[idx], y[idx]
