# /// case
# about = "raises when w1 is zero, and not when w2 is"
# expect = { test_boundary_vertical = "zero", test_boundary_line = "zero" }
# ///
# %% boundary
def boundary_x2(x1, w1, w2, b):
    if w1 == 0:
        raise ValueError("vertical")
    with np.errstate(all="ignore"):
        return -(w1 * np.asarray(x1, dtype=float) + b) / np.float64(w2)
