# /// case
# about = "everything becomes float64, as by way of numpy"
# expect = { test_features = "zero" }
# rest = "any"
# ///
# %% features
def make_features(x, degree=4):
    values = x.double()
    return torch.stack([values**k for k in range(1, degree + 1)], dim=1)
