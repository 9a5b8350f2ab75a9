# /// case
# about = "torch.utils.data does it"
# ///
# %% sampler
from torch.utils.data import RandomSampler, TensorDataset

def sample_batch(X, y, batch_size=32, generator=None):
    data = TensorDataset(X, y)
    picks = list(RandomSampler(data, replacement=True, num_samples=batch_size, generator=generator))
    return data[picks]
