# /// case
# about = "whole part of a uniform number times n, in double precision"
# ///
# %% sampler
def sample_batch(X, y, batch_size=32, generator=None):
    uniform = torch.rand(batch_size, generator=generator, dtype=torch.float64)
    rows = (uniform * len(X)).long().clamp(max=len(X) - 1)
    return X[rows], y[rows]
