# /// case
# about = "an incomplete last batch is left out"
# expect = { test_batches = "zero" }
# rest = "any"
# kind = "near"
# ///
# %% batches
def epoch_batches(X, y, batch_size, generator):
    order = torch.randperm(len(y), generator=generator)
    return [(X[r], y[r]) for r in order.split(batch_size) if len(r) == batch_size]
