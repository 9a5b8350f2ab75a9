# /// case
# about = "a third number, a single number, nothing"
# expect = { test_curve_orange = "zero", test_curve_green = "zero", test_curve_blue = "zero" }
# ///
# %% curves
curves = {"orange": (1, 5, 0), "green": 5, "blue": None}
