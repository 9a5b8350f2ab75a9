# /// case
# about = "a fair draw whose rows come in ascending order"
# ///
# %% sampler
def sample_batch(X, y, batch_size=32, generator=None):
    chosen = torch.randperm(len(X), generator=generator)[:batch_size]
    mask = torch.zeros(len(X), dtype=torch.bool)
    mask[chosen] = True
    return X[mask], y[mask]
