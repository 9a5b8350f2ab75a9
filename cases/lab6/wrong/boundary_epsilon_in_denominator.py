# /// case
# about = "1e-4 added to w2 against division by zero: a tenth off at w2 = 1e-3"
# expect = { test_boundary_line = "zero" }
# rest = "any"
# ///
# %% boundary
def boundary_x2(x1, w1, w2, b):
    if w2 == 0:
        raise ValueError("vertical")
    return -(w1 * np.asarray(x1) + b) / (w2 + 1e-4)
