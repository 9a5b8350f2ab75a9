# /// case
# about = "each curve with one number a tenth beside the right one"
# expect = { test_curve_orange = "zero", test_curve_green = "zero", test_curve_blue = "zero" }
# ///
# %% curves
curves = {"orange": (1, 5.1), "green": (4.9, 5), "blue": (1, -0.1)}
