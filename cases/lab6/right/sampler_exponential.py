# /// case
# about = "the smallest of exponential times"
# ///
# %% sampler
def sample_batch(X, y, batch_size=32, generator=None):
    times = torch.empty(len(X), dtype=torch.float64).exponential_(generator=generator)
    idx = torch.topk(times, batch_size, largest=False, sorted=False)[1]
    mask = torch.zeros(len(X), dtype=torch.bool)
    mask[idx] = True
    return X[mask], y[mask]
