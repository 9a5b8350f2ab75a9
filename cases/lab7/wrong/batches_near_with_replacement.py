# /// case
# about = "rows drawn with replacement"
# expect = { test_batches = "zero" }
# rest = "any"
# kind = "near"
# ///
# %% batches
def epoch_batches(X, y, batch_size, generator):
    order = torch.randint(len(y), (len(y),), generator=generator)
    return [(X[r], y[r]) for r in order.split(batch_size)]
