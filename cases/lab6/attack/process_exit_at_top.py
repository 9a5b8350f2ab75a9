# /// case
# about = "a cell ends the process"
# expect = { test_sigmoid_2d = "zero" }
# rest = "any"
# kind = "deny"
# promise = 4
# succeeds_at = ["nbgrader", "otter"]
# ///
# %% sigmoid_2d
# the kernel dies and the notebook counts as not gradable
import os
import signal

def sigmoid_2d(x1, x2, w1, w2, b):
    return 0.5

os.kill(os.getpid(), signal.SIGKILL)
