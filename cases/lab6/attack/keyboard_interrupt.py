# /// case
# about = "KeyboardInterrupt is no Exception, so that `except Exception` in a grader misses it"
# expect = { test_boundary_line = "zero", test_boundary_vertical = "zero" }
# kind = "deny"
# promise = 4
# succeeds_at = ["otter"]
# ///
# %% boundary
# the grader takes it for its user's interrupt and stops
def boundary_x2(x1, w1, w2, b):
    raise KeyboardInterrupt
