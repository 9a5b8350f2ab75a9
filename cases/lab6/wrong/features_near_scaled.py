# /// case
# about = "every power 4e-5 too large"
# expect = { test_features = "zero" }
# rest = "any"
# kind = "near"
# ///
# %% features
def make_features(x, degree=4):
    powers = torch.stack([x**k for k in range(1, degree + 1)], dim=1)
    return powers * (1 + 4e-5)
