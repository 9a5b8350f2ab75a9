# /// case
# about = "x in place of x^1"
# expect = { test_describe = "zero" }
# ///
# %% describe
def poly_desc(W, b):
    weights = W.detach().flatten().tolist()
    names = ["x"] + [f"x^{i}" for i in range(2, len(weights) + 1)]
    text = " ".join(f"{w:+.2f} {name}" for w, name in zip(weights, names))
    return f"y = {text} {b.item():+.2f}"
