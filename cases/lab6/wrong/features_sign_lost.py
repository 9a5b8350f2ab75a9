# /// case
# about = "powers of the absolute value"
# expect = { test_features = "zero" }
# rest = "any"
# ///
# %% features
def make_features(x, degree=4):
    return torch.stack([x.abs() ** k for k in range(1, degree + 1)], dim=1)
