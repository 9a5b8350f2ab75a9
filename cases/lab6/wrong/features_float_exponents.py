# /// case
# about = "float32 exponents turn float16 into float32"
# expect = { test_features = "zero" }
# ///
# %% features
def make_features(x, degree=4):
    return x[:, None] ** torch.arange(1.0, degree + 1.0, device=x.device)
