# /// case
# about = "the builtins module itself is patched"
# expect = { test_boundary_line = "zero", test_boundary_vertical = "zero" }
# rest = "any"
# kind = "forge"
# promise = 1
# succeeds_at = ["nbgrader", "otter"]
# ///
# %% boundary
# abs and isinstance of the whole process are the student's
import builtins

def boundary_x2(x1, w1, w2, b):
    builtins.abs = lambda value: 0.0
    builtins.all = lambda values: True
    builtins.max = lambda *values, **options: 0.0
    return 0.0
