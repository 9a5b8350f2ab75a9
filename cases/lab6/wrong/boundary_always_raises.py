# /// case
# about = "raises whatever w2 is"
# expect = { test_boundary_vertical = "zero", test_boundary_line = "zero" }
# ///
# %% boundary
def boundary_x2(x1, w1, w2, b):
    raise ValueError("vertical")
