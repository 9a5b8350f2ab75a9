# /// case
# about = "shuffled by the global generator"
# expect = { test_batches = "zero" }
# rest = "any"
# ///
# %% batches
def epoch_batches(X, y, batch_size, generator):
    order = torch.randperm(len(y))
    return [(X[r], y[r]) for r in order.split(batch_size)]
