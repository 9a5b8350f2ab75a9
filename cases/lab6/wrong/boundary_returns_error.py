# /// case
# about = "the ValueError is returned, not raised"
# expect = { test_boundary_vertical = "zero", test_boundary_line = "full" }
# ///
# %% boundary
def boundary_x2(x1, w1, w2, b):
    if w2 == 0:
        return ValueError("vertical")
    return -(w1 * np.asarray(x1) + b) / w2
