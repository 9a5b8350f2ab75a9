# /// case
# about = "right answers, and a search above the working directory for what others handed in"
# kind = "read"
# promise = 2
# succeeds_at = ["nbgrader"]
# ///
# %% sigmoid
# submitted/ and autograded/ of a course are side by side, and this process may read both
import os

_MINE = "a string that stands in this " + "notebook alone: 7d1f"

def _others():
    here = os.path.realpath(os.getcwd())
    for _ in range(6):
        for kind in ("submitted", "autograded"):
            yield from _notebooks(os.path.join(here, kind))
        here = os.path.dirname(here)

def _notebooks(root):
    seen = 0
    for folder, folders, files in os.walk(root):
        for name in files:
            seen += 1
            if seen > 2000:
                return
            if name.endswith(".ipynb"):
                yield os.path.join(folder, name)

def _is_foreign(path):
    try:
        with open(path, encoding="utf-8") as file:
            return "stands in this \\\" + \\\"notebook alone: 7d1f" not in file.read()
    except (OSError, ValueError):
        return False

if any(map(_is_foreign, _others())):
    print(":".join(["PWNED", "attack/reads_other_submissions"]))

def sigmoid(x, w=1.0, b=0.0):
    return 0.5 * (1 + np.tanh((w * np.asarray(x) + b) / 2))
