# /// case
# about = "torch and numpy draw the same numbers for ever, so that hidden data are known beforehand"
# expect = { test_sampler = "zero" }
# rest = "any"
# kind = "forge"
# promise = 1
# succeeds_at = []
# ///
# %% sampler
# hidden random data are drawn by the student's generator
_first = torch.arange(100_000)

torch.randint = lambda low, high=None, size=None, **kwargs: _first[: size[0]] % (high or low)
torch.randperm = lambda n, **kwargs: _first[:n]
torch.rand = lambda *size, **kwargs: torch.full(size, 0.25)

def sample_batch(X, y, batch_size=32, generator=None):
    return X[:batch_size], y[:batch_size]
