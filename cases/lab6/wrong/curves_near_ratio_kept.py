# /// case
# about = "both numbers 3 % too large: the half height is right"
# expect = { test_curve_orange = "zero", test_curve_green = "zero", test_curve_blue = "zero" }
# kind = "near"
# ///
# %% curves
curves = {"orange": (1.03, 5.15), "green": (5.15, 5.15), "blue": (1.1, 0)}
