# /// case
# about = "arrays divide by zero without an error"
# expect = { test_boundary_vertical = "zero" }
# ///
# %% boundary
def boundary_x2(x1, w1, w2, b):
    try:
        return -(w1 * x1 + b) / w2
    except ZeroDivisionError:
        raise ValueError("vertical")
