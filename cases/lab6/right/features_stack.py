# /// case
# about = "stacked powers"
# ///
# %% features
def make_features(x, degree=4):
    return torch.stack([x**k for k in range(1, degree + 1)], dim=1)
