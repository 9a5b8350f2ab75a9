# /// case
# about = "after each cell its own result is displayed as the cell's: a number of points"
# expect = { test_curve_orange = "zero", test_curve_green = "zero", test_curve_blue = "zero" }
# rest = "any"
# kind = "forge"
# promise = 3
# succeeds_at = []
# ///
# %% curves
# nbgrader takes the first execute_result of a test cell for its partial credit, before it looks for an error
curves = {}

def _points(info=None):
    import sys

    sys.displayhook(2)

get_ipython().events.register("pre_run_cell", _points)
