# /// case
# about = "a tensor that requires grad raises"
# expect = { test_describe = "zero" }
# ///
# %% describe
def poly_desc(W, b):
    text = " ".join(f"{w:+.2f} x^{i}" for i, w in enumerate(W.numpy().ravel(), 1))
    return f"y = {text} {b.item():+.2f}"
