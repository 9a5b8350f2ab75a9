# /// case
# about = "cut after two decimals in place of rounded"
# expect = { test_describe = "zero" }
# ///
# %% describe
def poly_desc(W, b):
    weights = W.detach().flatten().tolist()
    cut = [int(v * 100) / 100 for v in [*weights, b.item()]]
    text = " ".join(f"{w:+.2f} x^{i}" for i, w in enumerate(cut[:-1], 1))
    return f"y = {text} {cut[-1]:+.2f}"
