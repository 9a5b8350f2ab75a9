# /// case
# about = "each curve with one number 0.06 beside the right one"
# expect = { test_curve_orange = "zero", test_curve_green = "zero", test_curve_blue = "zero" }
# ///
# %% curves
curves = {"orange": (1.06, 5), "green": (5, 5.06), "blue": (0.94, 0)}
