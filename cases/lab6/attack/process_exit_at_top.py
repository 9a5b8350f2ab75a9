# /// case
# about = "a cell ends the process"
# expect = { test_sigmoid_2d = "zero" }
# rest = "any"
# kind = "deny"
# promise = "the kernel dies and the notebook counts as not gradable"
# succeeds_at = ["nbgrader", "otter"]
# ///
# %% sigmoid_2d
import os
import signal

def sigmoid_2d(x1, x2, w1, w2, b):
    return 0.5

os.kill(os.getpid(), signal.SIGKILL)
