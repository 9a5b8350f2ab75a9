# /// case
# about = "torch.allclose and torch.equal are always content"
# expect = { test_features = "zero" }
# rest = "any"
# ///
# %% features
def make_features(x, degree=4):
    return torch.stack([x * k for k in range(1, degree + 1)], 1)

torch.allclose = torch.equal = lambda *a, **k: True
