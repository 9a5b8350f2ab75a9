# /// case
# about = "only the first half of the rows"
# expect = { test_sampler = "zero" }
# rest = "any"
# ///
# %% sampler
def sample_batch(X, y, batch_size=32, generator=None):
    rows = torch.randint(max(len(X) // 2, 1), (batch_size,), generator=generator)
    return X[rows], y[rows]
