# /// case
# about = "names of built-in functions taken for variables in part B"
# ///
# %% sampler
def sample_batch(X, y, batch_size=32, generator=None):
    idx = torch.randint(len(X), (batch_size,), generator=generator)
    return X[idx], y[idx]

sum = 0.0
list = [sample_batch(X, y) for _ in (1, 2)]
for input, label in list:
    sum += float(label.mean())
max = min = iter = type = set = id = None
