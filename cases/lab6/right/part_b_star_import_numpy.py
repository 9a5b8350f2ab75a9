# /// case
# about = "names of numpy cover the built-in ones in part B"
# ///
# %% features
from numpy import *

def make_features(x, degree=4):
    return torch.stack([x ** k for k in range(1, degree + 1)], dim=1)
