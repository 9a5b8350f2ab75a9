# /// case
# about = "rows sorted by random keys, lists as pairs"
# ///
# %% batches
def epoch_batches(X, y, batch_size, generator):
    order = torch.rand(len(X), generator=generator, dtype=torch.float64).argsort().tolist()
    return [[X[order[i : i + batch_size]], y[order[i : i + batch_size]]] for i in range(0, len(order), batch_size)]
