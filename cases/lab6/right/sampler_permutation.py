# /// case
# about = "the head of a fresh permutation, a tuple by index_select"
# ///
# %% sampler
def sample_batch(X, y, batch_size=32, generator=None):
    rows = torch.randperm(len(X), generator=generator)[:batch_size]
    return X.index_select(0, rows), y.index_select(0, rows)
