# /// case
# about = "(b, w) in place of (w, b)"
# expect = { test_curve_orange = "zero", test_curve_blue = "zero" }
# ///
# %% curves
curves = {"orange": (5, 1), "green": (5, 5), "blue": (0, 1)}
