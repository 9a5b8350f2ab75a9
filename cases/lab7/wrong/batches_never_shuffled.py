# /// case
# about = "in the order of the table"
# expect = { test_batches = "zero" }
# rest = "any"
# ///
# %% batches
def epoch_batches(X, y, batch_size, generator):
    return list(zip(X.split(batch_size), y.split(batch_size)))
