# /// case
# about = "through numpy and back"
# ///
# %% features
import numpy as np

def make_features(x, degree=4):
    a = x.detach().cpu().numpy()
    cols = np.stack([a ** k for k in range(1, degree + 1)], axis=1)
    return torch.from_numpy(cols).to(dtype=x.dtype, device=x.device)
