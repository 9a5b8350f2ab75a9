# /// case
# about = "labels are drawn apart from rows"
# expect = { test_sampler = "zero" }
# rest = "any"
# ///
# %% sampler
def sample_batch(X, y, batch_size=32, generator=None):
    rows = torch.randint(len(X), (batch_size,), generator=generator)
    return X[rows], y[torch.randint(len(X), (batch_size,), generator=generator)]
