# /// case
# about = "the sign of b"
# expect = { test_boundary_line = "zero" }
# rest = "any"
# ///
# %% boundary
def boundary_x2(x1, w1, w2, b):
    if w2 == 0:
        raise ValueError("vertical")
    return (b - w1 * np.asarray(x1)) / w2
