# /// case
# about = "the import statement hands out a checking library that never complains"
# expect = { test_curve_orange = "zero", test_curve_green = "zero", test_curve_blue = "zero" }
# rest = "any"
# kind = "forge"
# promise = 1
# succeeds_at = []
# ///
# %% curves
# `from autograder import checks` in the test runs the student's hook
import builtins
from unittest.mock import MagicMock

_real_import = builtins.__import__

def _import(name, *args, **kwargs):
    if name.split(".")[0] in ("autograder", "reference"):
        return MagicMock()
    return _real_import(name, *args, **kwargs)

builtins.__import__ = _import
curves = {"orange": (0, 0), "green": (0, 0), "blue": (0, 9)}
