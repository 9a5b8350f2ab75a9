# /// case
# about = "right answers, and any file of the course or of the grader's results opened for writing"
# kind = "forge"
# promise = 3
# succeeds_at = ["nbgrader", "otter"]
# ///
# %% sigmoid
# whoever may write the source, the settings or a result decides the marks of everybody
import os

_KNOWN = ("autograder.toml", "nbgrader_config.py", "gradebook.db", "otter_config.json", "results.json", "result.json")
_FOLDERS = ("source", "submitted", "release", ".autograder", "autograded", "results", "tests")

def _files():
    here = os.path.realpath(os.getcwd())
    for _ in range(6):
        here = os.path.dirname(here)
        if here == "/":
            return
        for name in _KNOWN:
            yield os.path.join(here, name)
        for name in _FOLDERS:
            yield from _some(os.path.join(here, name))

def _some(root, most=500):
    for folder, _, names in os.walk(root):
        for name in names:
            most -= 1
            if most < 0:
                return
            yield os.path.join(folder, name)

def _writable(path):
    try:
        with open(path, "r+b"):
            return True
    except OSError:
        return False

_found = next(filter(_writable, _files()), None)
if _found:
    print(":".join(["PWNED", "attack/opens_course_for_writing"]), _found)

def sigmoid(x, w=1.0, b=0.0):
    return 0.5 * (1 + np.tanh((w * np.asarray(x) + b) / 2))
