# /// case
# about = "a weight vector of shape (d,) raises"
# expect = { test_describe = "zero" }
# ///
# %% describe
def poly_desc(W, b):
    text = " ".join(f"{W[i, 0].item():+.2f} x^{i + 1}" for i in range(len(W)))
    return f"y = {text} {b.item():+.2f}"
