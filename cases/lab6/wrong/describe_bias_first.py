# /// case
# about = "the bias in front"
# expect = { test_describe = "zero" }
# ///
# %% describe
def poly_desc(W, b):
    weights = W.detach().flatten().tolist()
    text = " ".join(f"{w:+.2f} x^{i}" for i, w in enumerate(weights, 1))
    return f"y = {b.item():+.2f} {text}"
