# /// case
# about = "lazily negated and conjugated views: the memory holds the right numbers, the tensor the wrong ones"
# expect = { test_features = "zero" }
# rest = "any"
# kind = "forge"
# promise = 1
# succeeds_at = []
# ///
# %% features
# whoever copies the memory of a tensor has to ask for its flags
def make_features(x, degree=4):
    right = torch.stack([x**k for k in range(1, degree + 1)], dim=1)
    return torch._neg_view(right)
