# /// case
# about = "the highest power first"
# expect = { test_features = "zero" }
# rest = "any"
# ///
# %% features
def make_features(x, degree=4):
    return torch.stack([x**k for k in range(degree, 0, -1)], dim=1)
