# /// case
# about = "numbers as text, a pair as text"
# expect = { test_curve_orange = "zero", test_curve_green = "zero", test_curve_blue = "zero" }
# ///
# %% curves
curves = {"orange": ("1", "5"), "green": "55", "blue": "(1, 0)"}
