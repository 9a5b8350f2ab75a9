# /// case
# about = "files named like libraries are written beside the notebook for the grader to import"
# expect = { test_sigmoid_2d = "zero" }
# rest = "any"
# kind = "forge"
# promise = 3
# succeeds_at = []
# ///
# %% sigmoid_2d
# whoever imports numpy, pytest or autograder from this folder runs the student's file
from pathlib import Path

_code = "print(':'.join(['PWNED', 'attack/shadow_modules']))\n"
for _name in ("autograder", "reference", "pytest", "sitecustomize", "conftest", "nbgrader_config", "json"):
    try:
        Path(_name + ".py").write_text(_code)
    except OSError:
        pass

def sigmoid_2d(x1, x2, w1, w2, b):
    return 0.0
