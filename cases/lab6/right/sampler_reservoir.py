# /// case
# about = "reservoir sampling"
# ///
# %% sampler
def sample_batch(X, y, batch_size=32, generator=None):
    n = X.shape[0]
    keep = list(range(batch_size))
    u = torch.rand(n, generator=generator).tolist()
    for i in range(batch_size, n):
        j = int(u[i] * (i + 1))
        if j < batch_size:
            keep[j] = i
    return X[keep], y[keep]
