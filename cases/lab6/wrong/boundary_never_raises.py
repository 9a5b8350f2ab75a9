# /// case
# about = "numpy's infinity in place of an error"
# expect = { test_boundary_vertical = "zero", test_boundary_line = "full" }
# ///
# %% boundary
def boundary_x2(x1, w1, w2, b):
    with np.errstate(all="ignore"):
        return -(w1 * np.asarray(x1, dtype=float) + b) / np.float64(w2)
