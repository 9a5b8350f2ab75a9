# /// case
# about = "right answers, and a look at the stack that tells a hidden test from a visible check"
# kind = "read"
# promise = 1
# succeeds_at = ["nbgrader", "otter"]
# ///
# %% sigmoid
# who knows that it is a test that asks knows when to behave
import sys

def _test_on_the_stack():
    frame = sys._getframe(2)
    while frame is not None:
        if frame.f_code.co_name.startswith("test_sig") or "reference" in frame.f_globals:
            return True
        frame = frame.f_back
    return False

_seen = []

def _tell(*_):
    if _seen:
        print(":".join(["PWNED", "attack/looks_who_calls"]))

# what is printed during a test may be swallowed by it
get_ipython().events.register("post_run_cell", _tell)

def sigmoid(x, w=1.0, b=0.0):
    if _test_on_the_stack():
        _seen.append(1)
    return 0.5 * (1 + np.tanh((w * np.asarray(x) + b) / 2))
