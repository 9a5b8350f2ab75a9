# /// case
# about = "the batches are shuffled, their rows are not"
# expect = { test_batches = "zero" }
# rest = "any"
# kind = "near"
# ///
# %% batches
def epoch_batches(X, y, batch_size, generator):
    blocks = list(zip(X.split(batch_size), y.split(batch_size)))
    last = blocks.pop() if len(y) % batch_size else None
    order = torch.randperm(len(blocks), generator=generator)
    return [blocks[i] for i in order] + ([last] if last else [])
