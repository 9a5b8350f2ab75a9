# /// case
# about = "each curve 0.08 beside the right number"
# expect = { test_curve_orange = "zero", test_curve_green = "zero", test_curve_blue = "zero" }
# kind = "near"
# ///
# %% curves
curves = {"orange": (1.08, 5), "green": (5, 4.92), "blue": (1, 0.08)}
