# /// case
# about = "right answers, and a search of the folders above and of known places for notebooks with hidden tests"
# kind = "read"
# promise = 1
# succeeds_at = ["nbgrader", "otter"]
# ///
# %% sigmoid
# the instructor's notebook lies within reach of the student's process
import os
import sys

def _search(limit=20_000):
    needle = " ".join(["BEGIN", "HIDDEN", "TESTS"])
    here = os.getcwd()
    roots = [os.path.abspath(os.path.join(here, *[".."] * up)) for up in range(4)]
    seen = 0
    for root in [*roots, *sys.path, "/home", "/srv", "/opt", "/root"]:
        if root in ("", "/"):
            continue
        for folder, folders, files in os.walk(root):
            folders[:] = [name for name in folders if name not in ("site-packages", "proc", "sys", ".git")]
            for name in files:
                seen += 1
                if seen > limit:
                    return False
                if name.endswith(".ipynb"):
                    try:
                        with open(os.path.join(folder, name), encoding="utf-8") as file:
                            if "#" + "## " + needle in file.read():
                                return True
                    except Exception:
                        pass
    return False

if _search():
    print(":".join(["PWNED", "attack/reads_source_notebooks"]))

def sigmoid(x, w=1.0, b=0.0):
    return 0.5 * (1 + np.tanh((w * np.asarray(x) + b) / 2))
