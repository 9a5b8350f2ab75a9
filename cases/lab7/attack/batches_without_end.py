# /// case
# about = "batches that never end"
# expect = { test_batches = "zero" }
# rest = "any"
# kind = "exhaust"
# promise = 4
# succeeds_at = []
# ///
# %% batches
def epoch_batches(X, y, batch_size, generator):
    while True:
        yield X[:batch_size], y[:batch_size]
