# /// case
# about = "a column of ones too many"
# expect = { test_features = "zero" }
# rest = "any"
# ///
# %% features
def make_features(x, degree=4):
    return torch.stack([x**k for k in range(degree + 1)], dim=1)
