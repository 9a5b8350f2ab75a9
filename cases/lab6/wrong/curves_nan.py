# /// case
# about = "not a number and infinite"
# expect = { test_curve_orange = "zero", test_curve_green = "zero", test_curve_blue = "zero" }
# ///
# %% curves
curves = {"orange": (float("nan"), 5), "green": (5, float("inf")), "blue": (1, float("nan"))}
