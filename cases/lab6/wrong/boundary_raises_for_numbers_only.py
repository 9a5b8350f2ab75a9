# /// case
# about = "an array of x1 gets NaN where a number gets an error"
# expect = { test_boundary_vertical = "zero", test_boundary_line = "full" }
# ///
# %% boundary
def boundary_x2(x1, w1, w2, b):
    if w2 == 0:
        if np.ndim(x1) == 0:
            raise ValueError("vertical")
        return np.full(np.shape(x1), np.nan)
    return -(w1 * np.asarray(x1) + b) / w2
