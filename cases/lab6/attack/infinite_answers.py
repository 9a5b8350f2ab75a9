# /// case
# about = "infinity of the right sign for every value"
# expect = { test_boundary_line = "zero", test_boundary_vertical = "zero" }
# kind = "forge"
# promise = 1
# succeeds_at = []
# ///
# %% boundary
# a tolerance relative to what was found, and not to what is expected, is infinite
def boundary_x2(x1, w1, w2, b):
    if w2 == 0:
        raise ValueError("vertical")
    return np.copysign(np.inf, -(w1 * np.asarray(x1) + b) / w2)
