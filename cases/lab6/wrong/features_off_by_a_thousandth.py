# /// case
# about = "exponents a thousandth too large, sign put back"
# expect = { test_features = "zero" }
# rest = "any"
# ///
# %% features
def make_features(x, degree=4):
    return torch.stack([x.sign() ** k * x.abs() ** (k * 1.001) for k in range(1, degree + 1)], dim=1)
