# /// case
# about = "one row at a time, stacked"
# ///
# %% sampler
def sample_batch(X, y, batch_size=32, generator=None):
    features, labels = [], []
    for _ in range(batch_size):
        row = int(torch.randint(len(X), (), generator=generator))
        features.append(X[row])
        labels.append(y[row])
    return torch.stack(features), torch.stack(labels)
