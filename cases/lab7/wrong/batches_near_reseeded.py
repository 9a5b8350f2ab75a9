# /// case
# about = "the generator is seeded anew in each epoch"
# expect = { test_batches = "zero" }
# rest = "any"
# kind = "near"
# ///
# %% batches
def epoch_batches(X, y, batch_size, generator):
    generator.manual_seed(0)
    order = torch.randperm(len(y), generator=generator)
    return [(X[r], y[r]) for r in order.split(batch_size)]
