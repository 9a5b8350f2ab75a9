# /// case
# about = "at the end of the process every result file that can be found or guessed is written with full marks"
# expect = { test_curve_orange = "zero", test_curve_green = "zero", test_curve_blue = "zero" }
# rest = "any"
# kind = "forge"
# promise = 3
# succeeds_at = []
# ///
# %% curves
# who writes last is right, if results are files in reach of the student
import atexit
import json
import os

curves = {}

def _forge():
    result = json.dumps({"score": 100, "tests": [{"name": "test_curve_orange", "score": 2, "max_score": 2}], "points": 100})
    here = os.getcwd()
    for up in range(4):
        folder = os.path.abspath(os.path.join(here, *[".."] * up))
        for name in ("result.json", "results.json", "results/results.json", "grades.csv", "marks.json"):
            try:
                with open(os.path.join(folder, name), "w") as file:
                    file.write(result)
            except OSError:
                pass

atexit.register(_forge)
_forge()
