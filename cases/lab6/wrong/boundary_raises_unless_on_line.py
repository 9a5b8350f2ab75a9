# /// case
# about = "no error where x1 happens to lie on the vertical line"
# expect = { test_boundary_vertical = "zero", test_boundary_line = "full" }
# ///
# %% boundary
def boundary_x2(x1, w1, w2, b):
    if w2 == 0:
        if np.any(np.abs(w1 * np.asarray(x1) + b) > 1e-12):
            raise ValueError("no such point")
        return np.asarray(x1) * 0.0
    return -(w1 * np.asarray(x1) + b) / w2
