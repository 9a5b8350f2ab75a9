# /// case
# about = "blue drawn twice as steep"
# expect = { test_curve_blue = "zero" }
# ///
# %% curves
curves = {"orange": (1, 5), "green": (5, 5), "blue": (2, 0)}
