# /// case
# about = "one permutation drawn once, its head every time"
# expect = { test_sampler = "zero" }
# rest = "any"
# ///
# %% sampler
_order = {}

def sample_batch(X, y, batch_size=32, generator=None):
    if len(X) not in _order:
        _order[len(X)] = torch.randperm(len(X), generator=generator)
    rows = _order[len(X)][:batch_size]
    return X[rows], y[rows]
