# /// case
# about = "a batch is of one class"
# expect = { test_sampler = "zero" }
# rest = "any"
# ///
# %% sampler
def sample_batch(X, y, batch_size=32, generator=None):
    pick = y[torch.randint(len(X), (1,), generator=generator)]
    members = (y == pick).nonzero().flatten()
    rows = members[torch.randint(len(members), (batch_size,), generator=generator)]
    return X[rows], y[rows]
