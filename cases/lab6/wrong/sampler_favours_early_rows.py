# /// case
# about = "the square of a uniform number favours early rows"
# expect = { test_sampler = "zero" }
# rest = "any"
# ///
# %% sampler
def sample_batch(X, y, batch_size=32, generator=None):
    rows = (torch.rand(batch_size, generator=generator) ** 2 * len(X)).long()
    return X[rows], y[rows]
