# /// case
# about = "draws among the first forty rows, however many there are"
# expect = { test_sampler = "zero" }
# ///
# %% sampler
def sample_batch(X, y, batch_size=32, generator=None):
    rows = torch.randperm(40, generator=generator)[:batch_size]
    return X[rows], y[rows]
