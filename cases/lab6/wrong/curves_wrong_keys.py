# /// case
# about = "capital letters in two keys"
# expect = { test_curve_orange = "zero", test_curve_blue = "zero" }
# ///
# %% curves
curves = {"Orange": (1, 5), "green": (5, 5), "BLUE": (1, 0)}
