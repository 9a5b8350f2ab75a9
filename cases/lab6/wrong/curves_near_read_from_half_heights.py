# /// case
# about = "half heights read off by 0.06"
# expect = { test_curve_orange = "zero", test_curve_green = "zero", test_curve_blue = "zero" }
# kind = "near"
# ///
# %% curves
curves = {"orange": (1, 5.06), "green": (5, 5.3), "blue": (1, 0.06)}
