# /// case
# about = "an array is cut to its first element"
# expect = { test_boundary_line = "zero" }
# rest = "any"
# ///
# %% boundary
def boundary_x2(x1, w1, w2, b):
    if w2 == 0:
        raise ValueError("vertical")
    return -(w1 * float(np.ravel(x1)[0]) + b) / w2
