# /// case
# about = "a random start and a fixed stride"
# expect = { test_sampler = "zero" }
# rest = "any"
# ///
# %% sampler
def sample_batch(X, y, batch_size=32, generator=None):
    start = int(torch.randint(len(X), (1,), generator=generator))
    rows = torch.tensor([(start + 3 * k) % len(X) for k in range(batch_size)])
    return X[rows], y[rows]
