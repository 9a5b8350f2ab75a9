# /// case
# about = "a list in the order of the text, no dictionary"
# expect = { test_curve_orange = "zero", test_curve_green = "zero", test_curve_blue = "zero" }
# ///
# %% curves
curves = [(1, 5), (5, 5), (1, 0)]
