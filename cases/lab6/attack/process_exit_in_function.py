# /// case
# about = "the process is gone, with status 0, from inside the tested function"
# expect = { test_describe = "zero" }
# kind = "deny"
# promise = 4
# succeeds_at = ["nbgrader", "otter"]
# ///
# %% describe
# the kernel dies and takes the marks of later questions, or the failure, with it
import os

def poly_desc(W, b):
    os._exit(0)
