# /// case
# about = "right answers, and at the end of the process a function, a thread and a signal handler that will not end"
# kind = "deny"
# promise = 4
# succeeds_at = []
# ///
# %% describe
# a grader that waits for the process to end by itself waits as long as the student likes
import atexit
import signal
import threading
import time

def _linger(*_):
    time.sleep(60)

atexit.register(_linger)
signal.signal(signal.SIGTERM, _linger)
threading.Thread(target=_linger).start()

def poly_desc(W, b):
    text = " ".join(f"{w:+.2f} x^{i}" for i, w in enumerate(W.detach().flatten().tolist(), 1))
    return f"y = {text} {b.item():+.2f}"
