# /// case
# about = "a column of ones in place of the highest power"
# expect = { test_features = "zero" }
# rest = "any"
# ///
# %% features
def make_features(x, degree=4):
    return torch.stack([x**k for k in range(degree)], dim=1)
