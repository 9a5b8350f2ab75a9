# /// case
# about = "the process stops itself by SIGSTOP when the function is called for the fourth time"
# expect = { test_describe = "zero" }
# kind = "deny"
# promise = 4
# succeeds_at = ["nbgrader", "otter"]
# ///
# %% describe
# who waits for it to answer or to end waits for ever
import os
import signal

_calls = []

def poly_desc(W, b):
    _calls.append(1)
    if len(_calls) > 3:
        os.kill(os.getpid(), signal.SIGSTOP)
    text = " ".join(f"{w:+.2f} x^{i}" for i, w in enumerate(W.detach().flatten().tolist(), 1))
    return f"y = {text} {b.item():+.2f}"
