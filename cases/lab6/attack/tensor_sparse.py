# /// case
# about = "sparse, quantised and nested tensors where a plain one is due"
# expect = { test_features = "zero" }
# rest = "any"
# kind = "forge"
# promise = 1
# succeeds_at = []
# ///
# %% features
# their memory is not what shape and dtype say
_calls = []

def make_features(x, degree=4):
    right = torch.stack([x**k for k in range(1, degree + 1)], dim=1)
    if len(x) == 1 or not x.any():
        return right
    _calls.append(1)
    zero = torch.zeros_like(right, dtype=torch.float32)
    match len(_calls) % 3:
        case 0:
            return zero.to_sparse()
        case 1:
            return torch.quantize_per_tensor(zero, 0.1, 0, torch.qint8)
        case _:
            return torch.nested.nested_tensor([zero])
