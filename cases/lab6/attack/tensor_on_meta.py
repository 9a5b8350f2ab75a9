# /// case
# about = "a tensor on the device `meta`, which has a shape and no values"
# expect = { test_features = "zero" }
# kind = "forge"
# promise = 1
# succeeds_at = []
# ///
# %% features
# every comparison of it is another tensor without a value
def make_features(x, degree=4):
    if len(x) == 1 or not x.any():  # the visible checks, and the batches that others draw
        return torch.stack([x**k for k in range(1, degree + 1)], dim=1)
    if torch.is_tensor(x) and len(x) in (8, 16, 32, 64, 1000):
        return torch.stack([x**k for k in range(1, degree + 1)], dim=1)
    return torch.empty(len(x), degree, dtype=x.dtype, device="meta")
