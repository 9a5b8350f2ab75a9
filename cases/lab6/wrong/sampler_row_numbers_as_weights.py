# /// case
# about = "multinomial over the row numbers as weights and a fixed batch size"
# expect = { test_sampler = "zero" }
# rest = "any"
# ///
# %% sampler
def sample_batch(X, y, batch_size=32, generator=None):
    rows = torch.multinomial(torch.arange(len(X)).float(), 32, replacement=True)
    return X[rows], y[rows]
