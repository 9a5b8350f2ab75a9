# /// case
# about = "SIGINT and SIGTERM are ignored, and the function sleeps from the fourth call on"
# expect = { test_describe = "zero" }
# kind = "deny"
# promise = 4
# succeeds_at = ["nbgrader", "otter"]
# ///
# %% describe
# nbgrader's limit on a cell is an interrupt, which the kernel's process may refuse to hear
import signal
import time

_calls = []

def poly_desc(W, b):
    _calls.append(1)
    if len(_calls) > 3:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        while True:
            time.sleep(1)
    text = " ".join(f"{w:+.2f} x^{i}" for i, w in enumerate(W.detach().flatten().tolist(), 1))
    return f"y = {text} {b.item():+.2f}"
