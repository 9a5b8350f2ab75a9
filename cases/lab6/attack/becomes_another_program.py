# /// case
# about = "the cell replaces its own process by another program, with all open descriptors"
# expect = { test_sigmoid_2d = "zero" }
# kind = "deny"
# promise = 4
# succeeds_at = ["nbgrader", "otter"]
# ///
# %% sigmoid_2d
# the same process id and the same sockets, and nobody who answers
import os

def sigmoid_2d(x1, x2, w1, w2, b):
    return None

for _number in range(3, 64):
    try:
        os.set_inheritable(_number, True)
    except OSError:
        pass
os.execv("/bin/sh", ["sh", "-c", "sleep 1; exit 0"])
