# /// case
# about = "multinomial over the row numbers as weights, size and generator honoured"
# expect = { test_sampler = "zero" }
# rest = "any"
# ///
# %% sampler
def sample_batch(X, y, batch_size=32, generator=None):
    rows = torch.multinomial(torch.arange(len(X)).float(), batch_size, replacement=True, generator=generator)
    return X[rows], y[rows]
