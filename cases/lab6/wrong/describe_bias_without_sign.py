# /// case
# about = "only the bias lacks its plus"
# expect = { test_describe = "zero" }
# ///
# %% describe
def poly_desc(W, b):
    weights = W.detach().flatten().tolist()
    text = " ".join(f"{w:+.2f} x^{i}" for i, w in enumerate(weights, 1))
    return f"y = {text} {b.item():.2f}"
