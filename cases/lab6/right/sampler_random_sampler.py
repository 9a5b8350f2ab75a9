# /// case
# about = "torch's RandomSampler"
# ///
# %% sampler
from torch.utils.data import BatchSampler, RandomSampler

def sample_batch(X, y, batch_size=32, generator=None):
    idx = next(iter(BatchSampler(RandomSampler(X, generator=generator), batch_size, drop_last=False)))
    return X[idx], y[idx]
