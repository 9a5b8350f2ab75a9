# /// case
# about = "labels of shape (n, 1)"
# expect = { test_sampler = "zero" }
# rest = "any"
# ///
# %% sampler
def sample_batch(X, y, batch_size=32, generator=None):
    rows = torch.randint(len(X), (batch_size,), generator=generator)
    return X[rows], y[rows].unsqueeze(1)
