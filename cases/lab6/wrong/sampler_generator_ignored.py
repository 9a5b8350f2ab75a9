# /// case
# about = "the generator is never used"
# expect = { test_sampler = "zero" }
# rest = "any"
# ///
# %% sampler
def sample_batch(X, y, batch_size=32, generator=None):
    rows = torch.randint(len(X), (batch_size,))
    return X[rows], y[rows]
