# /// case
# about = "eight thousand integers with one hash value among the keys"
# expect = { test_curve_orange = "zero", test_curve_green = "zero", test_curve_blue = "zero" }
# rest = "any"
# kind = "deny"
# promise = 4
# succeeds_at = []
# ///
# %% curves
# building the dictionary again costs the grader seconds
curves = {k * (2**61 - 1): (1, 5) for k in range(8_000)}
curves |= {"orange": (0, 0), "green": (0, 0), "blue": (0, 9)}
