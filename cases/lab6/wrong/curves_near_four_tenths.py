# /// case
# about = "each curve .4 beside the right number"
# expect = { test_curve_orange = "zero", test_curve_green = "zero", test_curve_blue = "zero" }
# kind = "near"
# ///
# %% curves
curves = {"orange": (0.6, 5), "green": (5, 4.6), "blue": (1, 0.4)}
