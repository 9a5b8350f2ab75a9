# /// case
# about = "any w2 below 0.01 counts as zero"
# expect = { test_boundary_vertical = "zero" }
# rest = "any"
# ///
# %% boundary
def boundary_x2(x1, w1, w2, b):
    if abs(w2) < 1e-2:
        raise ValueError("vertical")
    return -(w1 * np.asarray(x1) + b) / w2
