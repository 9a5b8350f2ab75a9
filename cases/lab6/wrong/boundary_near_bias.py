# /// case
# about = "the bias 6e-6 too large"
# expect = { test_boundary_line = "zero" }
# rest = "any"
# kind = "near"
# ///
# %% boundary
def boundary_x2(x1, w1, w2, b):
    if w2 == 0:
        raise ValueError("vertical")
    return -(w1 * np.asarray(x1) + b * (1 + 6e-6)) / w2
