# /// case
# about = "a rounded position gives both ends half their share"
# expect = { test_sampler = "zero" }
# rest = "any"
# ///
# %% sampler
def sample_batch(X, y, batch_size=32, generator=None):
    rows = (torch.rand(batch_size, generator=generator, dtype=torch.float64) * (len(X) - 1)).round().long()
    return X[rows], y[rows]
