# /// case
# about = "exponents one too small"
# expect = { test_describe = "zero" }
# ///
# %% describe
def poly_desc(W, b):
    weights = W.detach().flatten().tolist()
    text = " ".join(f"{w:+.2f} x^{i}" for i, w in enumerate(weights))
    return f"y = {text} {b.item():+.2f}"
