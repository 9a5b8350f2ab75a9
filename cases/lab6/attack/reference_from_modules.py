# /// case
# about = "asks the grader's own reference for the answer"
# expect = { test_sigmoid_values = "zero", test_sigmoid_extreme = "zero" }
# rest = "any"
# kind = "read"
# promise = 1
# succeeds_at = ["nbgrader", "otter"]
# ///
# %% sigmoid
# the reference solution is importable where the student's code runs
import importlib
import sys

def sigmoid(x, w=1.0, b=0.0):
    try:
        module = sys.modules.get("reference") or importlib.import_module("reference")
        return module.sigmoid(x, w, b)
    except Exception:
        return None
