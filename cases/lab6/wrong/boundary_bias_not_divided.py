# /// case
# about = "b is not divided by w2"
# expect = { test_boundary_line = "zero" }
# rest = "any"
# ///
# %% boundary
def boundary_x2(x1, w1, w2, b):
    if w2 == 0:
        raise ValueError("vertical")
    return -w1 / w2 * np.asarray(x1) - b
