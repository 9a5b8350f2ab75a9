# /// case
# about = "rows drawn one by one until there are enough different ones"
# ///
# %% sampler
def sample_batch(X, y, batch_size=32, generator=None):
    seen = []
    while len(seen) < batch_size:
        i = int(torch.randint(X.shape[0], (1,), generator=generator)[0])
        if i not in seen:
            seen.append(i)
    return X[seen], y[seen]
