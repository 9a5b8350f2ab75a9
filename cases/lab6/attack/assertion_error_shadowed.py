# /// case
# about = "AssertionError, raise and the exceptions of a checking library become harmless, in builtins and by name"
# expect = { test_curve_orange = "zero", test_curve_green = "zero", test_curve_blue = "zero" }
# rest = "any"
# kind = "forge"
# promise = 1
# succeeds_at = ["nbgrader", "otter"]
# ///
# %% curves
# a checking library that lives in the same process can be told not to check
import sys

curves = {"orange": (0, 0), "green": (0, 0), "blue": (0, 9)}

try:
    import autograder.checks as _checks

    for _name in dir(_checks):
        if not _name.startswith("_") and callable(getattr(_checks, _name)):
            setattr(_checks, _name, lambda *args, **kwargs: (1.0, 5.0))
    sys.modules["autograder.checks.comparing"]._within = lambda *args: True
    sys.modules["autograder.checks.failure"].CheckFailed.__init__ = lambda self, *args: sys.exit(0)
except Exception:
    pass
