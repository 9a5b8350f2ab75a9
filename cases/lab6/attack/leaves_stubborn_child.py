# /// case
# about = "right answers; a child that ignores every signal it can, in another group, alive in the next notebook"
# kind = "persist"
# promise = 3
# succeeds_at = ["nbgrader"]
# ///
# %% sigmoid
# SIGTERM, SIGHUP and SIGINT are what most graders send
import fcntl
import os
import time

def _stay(seconds=60):
    """Holds the lock of a file for a while; who finds it held knows that we live."""
    descriptor = os.open("lock", os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    time.sleep(seconds)
    os._exit(0)

import signal

if os.fork() == 0:
    os.setpgid(0, 0)
    for _number in range(1, 32):
        try:
            signal.signal(_number, signal.SIG_IGN)
        except (OSError, ValueError):
            pass
    _stay()
time.sleep(0.2)

def sigmoid(x, w=1.0, b=0.0):
    return 0.5 * (1 + np.tanh((w * np.asarray(x) + b) / 2))
# %% describe
# the next process of this grader: another notebook here, another student's in a class
import fcntl
import os

try:
    _descriptor = os.open("lock", os.O_RDWR)
    fcntl.flock(_descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
except BlockingIOError:
    print(":".join(["PWNED", "attack/leaves_stubborn_child"]))
except OSError:
    pass

def poly_desc(W, b):
    text = " ".join(f"{w:+.2f} x^{i}" for i, w in enumerate(W.detach().flatten().tolist(), 1))
    return f"y = {text} {b.item():+.2f}"
