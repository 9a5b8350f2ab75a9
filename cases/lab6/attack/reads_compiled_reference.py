# /// case
# about = "right answers, and a search of sys.path and of the folders above for the reference, as source or as bytecode"
# kind = "read"
# promise = 1
# succeeds_at = ["nbgrader", "otter"]
# ///
# %% sigmoid
# what the tests import, the student's process can often find
import glob
import os
import sys

def _folders():
    here = os.path.realpath(os.getcwd())
    while here != "/":
        yield here
        here = os.path.dirname(here)
    yield from (path for path in sys.path if path)
    yield from os.environ.get("PYTHONPATH", "").split(os.pathsep)

def _readable(path):
    try:
        with open(path, "rb") as file:
            return b"def sigmoid" in (text := file.read()) or b"sigmoid_2d" in text
    except OSError:
        return False

def _candidates():
    for folder in filter(None, _folders()):
        for pattern in ("reference/*.py", "reference/__pycache__/*.pyc", "tests/*.py", "source/tests/*.py"):
            yield from glob.glob(os.path.join(glob.escape(folder), pattern))

if any(map(_readable, _candidates())):
    print(":".join(["PWNED", "attack/reads_compiled_reference"]))

def sigmoid(x, w=1.0, b=0.0):
    return 0.5 * (1 + np.tanh((w * np.asarray(x) + b) / 2))
