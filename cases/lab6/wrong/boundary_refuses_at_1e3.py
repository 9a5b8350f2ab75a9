# /// case
# about = "the allowed w2 = 1e-3 raises"
# expect = { test_boundary_vertical = "zero" }
# rest = "any"
# ///
# %% boundary
def boundary_x2(x1, w1, w2, b):
    if abs(w2) <= 1e-3:
        raise ValueError
    return -(w1 * x1 + b) / w2
