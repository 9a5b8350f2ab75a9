# /// case
# about = "ZeroDivisionError, which is no ValueError"
# expect = { test_boundary_vertical = "zero", test_boundary_line = "full" }
# ///
# %% boundary
def boundary_x2(x1, w1, w2, b):
    slope = -w1 / float(w2)
    return slope * np.asarray(x1) - b / float(w2)
