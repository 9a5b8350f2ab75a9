# /// case
# about = "always four columns"
# expect = { test_features = "zero" }
# rest = "any"
# ///
# %% features
def make_features(x, degree=4):
    return torch.stack([x, x**2, x**3, x**4], dim=1)
