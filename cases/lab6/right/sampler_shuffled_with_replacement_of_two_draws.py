# /// case
# about = "a permutation of a draw with replacement"
# ///
# %% sampler
def sample_batch(X, y, batch_size=32, generator=None):
    rows = torch.randint(len(X), (batch_size,), generator=generator)
    rows = rows[torch.randperm(batch_size, generator=generator)]
    return torch.index_select(X, 0, rows), torch.take(y, rows)
