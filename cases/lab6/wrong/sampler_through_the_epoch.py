# /// case
# about = "walks through a permutation from call to call"
# expect = { test_sampler = "zero" }
# rest = "any"
# ///
# %% sampler
_state = {}

def sample_batch(X, y, batch_size=32, generator=None):
    order, place = _state.get(len(X), (None, 0))
    if order is None or place + batch_size > len(X):
        order, place = torch.randperm(len(X), generator=generator), 0
    _state[len(X)] = (order, place + batch_size)
    rows = order[place : place + batch_size]
    return X[rows], y[rows]
