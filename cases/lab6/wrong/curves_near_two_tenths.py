# /// case
# about = "each curve .2 beside the right number"
# expect = { test_curve_orange = "zero", test_curve_green = "zero", test_curve_blue = "zero" }
# kind = "near"
# ///
# %% curves
curves = {"orange": (1, 5.2), "green": (5.2, 5), "blue": (1.2, 0)}
