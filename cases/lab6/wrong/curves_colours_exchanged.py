# /// case
# about = "orange and green exchanged"
# expect = { test_curve_orange = "zero", test_curve_green = "zero" }
# ///
# %% curves
curves = {"orange": (5, 5), "green": (1, 5), "blue": (1, 0)}
