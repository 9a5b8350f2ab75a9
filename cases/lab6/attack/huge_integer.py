# /// case
# about = "numbers of a million digits, whose printing takes minutes"
# expect = { test_curve_orange = "zero", test_curve_green = "zero", test_curve_blue = "zero" }
# kind = "deny"
# promise = 4
# succeeds_at = []
# ///
# %% curves
# the message of the failed test prints the number
_huge = 10**1_000_000
curves = {"orange": (_huge, 5), "green": (5, -_huge), "blue": (1, _huge)}
