# /// case
# about = "the sign set apart by spaces"
# ///
# %% describe
def poly_desc(W, b):
    def part(value, tail):
        sign = "-" if value < 0 else "+"
        return f" {sign} {abs(value):.2f}{tail}"

    terms = [part(float(w), f" x^{k}") for k, w in enumerate(W.view(-1), 1)]
    return "y =" + "".join(terms) + part(float(b), "")
