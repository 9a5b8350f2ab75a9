# /// case
# about = "written for four weights"
# expect = { test_describe = "zero" }
# ///
# %% describe
def poly_desc(W, b):
    weights = W.detach().flatten().tolist()
    w = weights
    return f"y = {w[0]:+.2f} x^1 {w[1]:+.2f} x^2 {w[2]:+.2f} x^3 {w[3]:+.2f} x^4 {b.item():+.2f}"
