# /// case
# about = "both signs turned: same place, falling curve"
# expect = { test_curve_orange = "zero", test_curve_green = "zero", test_curve_blue = "zero" }
# ///
# %% curves
curves = {"orange": (-1, -5), "green": (-5, -5), "blue": (-1, 0)}
