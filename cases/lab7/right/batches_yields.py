# /// case
# about = "a generator function that walks through a permutation"
# ///
# %% batches
def epoch_batches(X, y, batch_size, generator):
    order = torch.randperm(X.shape[0], generator=generator)
    for start in range(0, len(order), batch_size):
        rows = order[start : start + batch_size]
        yield X[rows], y[rows]
