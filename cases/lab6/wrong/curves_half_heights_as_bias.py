# /// case
# about = "the place where the curve is one half in place of b"
# expect = { test_curve_orange = "zero", test_curve_green = "zero" }
# ///
# %% curves
curves = {"orange": (1, -5), "green": (5, -1), "blue": (1, 0)}
