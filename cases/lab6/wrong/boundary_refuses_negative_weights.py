# /// case
# about = "raises for w2 <= 0"
# expect = { test_boundary_vertical = "zero" }
# rest = "any"
# ///
# %% boundary
def boundary_x2(x1, w1, w2, b):
    if w2 <= 0:
        raise ValueError("vertical")
    return -(w1 * np.asarray(x1) + b) / w2
