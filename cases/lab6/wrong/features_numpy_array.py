# /// case
# about = "an array in place of a tensor"
# expect = { test_features = "zero" }
# rest = "any"
# ///
# %% features
import numpy as np

def make_features(x, degree=4):
    return np.stack([x.numpy() ** k for k in range(1, degree + 1)], axis=1)
