# /// case
# about = "constants of the reference are changed in place, through its dictionary and in memory by ctypes"
# expect = { test_curve_orange = "zero", test_curve_green = "zero", test_curve_blue = "zero" }
# rest = "any"
# kind = "forge"
# promise = 1
# succeeds_at = ["nbgrader", "otter"]
# ///
# %% curves
# one interpreter for student and tests has one memory for their numbers
import ctypes

curves = {"orange": (0.0, 0.0), "green": (0.0, 0.0), "blue": (0.0, 0.0)}

def _overwrite(number):
    if type(number) is float:
        ctypes.c_double.from_address(id(number) + 16).value = 0.0

try:
    import reference

    for _pair in reference.CURVES.values():
        for _number in _pair:
            _overwrite(_number)
    reference.CURVES = curves
except Exception:
    pass
