# /// case
# about = "5e-6 added to every power"
# expect = { test_features = "zero" }
# rest = "any"
# kind = "near"
# ///
# %% features
def make_features(x, degree=4):
    powers = torch.stack([x**k for k in range(1, degree + 1)], dim=1)
    return powers + 5e-6
