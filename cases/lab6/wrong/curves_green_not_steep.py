# /// case
# about = "the bias of green from its half height with slope 1"
# expect = { test_curve_green = "zero" }
# ///
# %% curves
curves = {"orange": (1, 5), "green": (1, 1), "blue": (1, 0)}
