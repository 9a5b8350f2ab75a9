# /// case
# about = "a timer that raises an exception in the main thread, wherever it is, twenty times a second"
# expect = { test_describe = "zero" }
# rest = "any"
# kind = "deny"
# promise = 4
# succeeds_at = ["nbgrader", "otter"]
# ///
# %% describe
# the exception comes up in the grader's own loop, between two cells
import signal

def _raise(*_):
    raise RuntimeError("an alarm of the student's")

signal.signal(signal.SIGALRM, _raise)
signal.setitimer(signal.ITIMER_REAL, 0.05, 0.05)

def poly_desc(W, b):
    return None
