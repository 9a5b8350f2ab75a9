# /// case
# about = "the first weight gets the highest exponent"
# expect = { test_describe = "zero" }
# ///
# %% describe
def poly_desc(W, b):
    weights = W.detach().flatten().tolist()
    text = " ".join(f"{w:+.2f} x^{len(weights) - i}" for i, w in enumerate(weights))
    return f"y = {text} {b.item():+.2f}"
