# /// case
# about = "k x in place of x^k"
# expect = { test_features = "zero" }
# rest = "any"
# ///
# %% features
def make_features(x, degree=4):
    return torch.stack([k * x for k in range(1, degree + 1)], dim=1)
