# /// case
# about = "round() drops the last zero of 4.40"
# expect = { test_describe = "zero" }
# ///
# %% describe
def poly_desc(W, b):
    weights = W.detach().flatten().tolist()
    def part(value):
        return ("+" if value > 0 else "") + str(round(value, 2))

    text = " ".join(f"{part(w)} x^{i}" for i, w in enumerate(weights, 1))
    return f"y = {text} {part(b.item())}"
