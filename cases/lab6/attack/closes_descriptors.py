# /// case
# about = "every descriptor of the process is closed, or points at another, when the function is called for the fourth time"
# expect = { test_describe = "zero" }
# kind = "deny"
# promise = 4
# succeeds_at = ["nbgrader", "otter"]
# ///
# %% describe
# the channels to the grader are descriptors like any other
import os

_calls = []

def poly_desc(W, b):
    _calls.append(1)
    if len(_calls) > 3:
        for number in range(3, 256):
            try:
                os.dup2(0, number)
            except OSError:
                pass
    text = " ".join(f"{w:+.2f} x^{i}" for i, w in enumerate(W.detach().flatten().tolist(), 1))
    return f"y = {text} {b.item():+.2f}"
