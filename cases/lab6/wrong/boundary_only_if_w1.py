# /// case
# about = "raises only when w1 is not zero as well"
# expect = { test_boundary_vertical = "zero" }
# ///
# %% boundary
def boundary_x2(x1, w1, w2, b):
    if w2 == 0 and w1 != 0:
        raise ValueError
    if w2 == 0:
        return 0 * x1
    return -(w1 * x1 + b) / w2
