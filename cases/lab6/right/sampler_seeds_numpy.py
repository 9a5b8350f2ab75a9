# /// case
# about = "one number from the torch generator seeds a local numpy generator"
# ///
# %% sampler
import numpy as np

def sample_batch(X, y, batch_size=32, generator=None):
    seed = torch.randint(2**62, (1,), generator=generator).item()
    rows = np.random.default_rng(seed).choice(len(X), size=batch_size, replace=False)
    rows = torch.from_numpy(rows)
    return X[rows], y[rows]
