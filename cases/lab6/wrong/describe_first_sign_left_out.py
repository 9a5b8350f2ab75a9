# /// case
# about = "no plus before the first term, as mathematicians write"
# expect = { test_describe = "zero" }
# ///
# %% describe
def poly_desc(W, b):
    weights = W.detach().flatten().tolist()
    text = " ".join(f"{w:+.2f} x^{i}" for i, w in enumerate(weights, 1)).lstrip("+")
    return f"y = {text} {b.item():+.2f}"
