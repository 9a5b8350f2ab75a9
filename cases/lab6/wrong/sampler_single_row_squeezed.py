# /// case
# about = "a batch of one loses its first dimension"
# expect = { test_sampler = "zero" }
# rest = "any"
# ///
# %% sampler
def sample_batch(X, y, batch_size=32, generator=None):
    rows = torch.randint(len(X), (batch_size,), generator=generator)
    return X[rows].squeeze(0), y[rows].squeeze(0)
