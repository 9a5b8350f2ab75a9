# /// case
# about = "format specification with a sign"
# ///
# %% describe
def poly_desc(W, b):
    weights = W.detach().reshape(-1).tolist()
    text = " ".join(f"{w:+.2f} x^{i + 1}" for i, w in enumerate(weights))
    return f"y = {text} {b.item():+.2f}"
