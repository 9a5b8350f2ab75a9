# /// case
# about = "rows and labels are shuffled apart"
# expect = { test_batches = "zero" }
# rest = "any"
# ///
# %% batches
def epoch_batches(X, y, batch_size, generator):
    a, b = (torch.randperm(len(y), generator=generator) for _ in range(2))
    return [(X[r], y[s]) for r, s in zip(a.split(batch_size), b.split(batch_size))]
