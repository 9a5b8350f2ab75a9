# /// case
# about = "right answers; System V semaphores whose values the next notebook reads"
# kind = "persist"
# promise = 3
# succeeds_at = ["nbgrader", "otter"]
# ///
# %% sigmoid
# sixteen thousand bits that outlive every process
import ctypes

_libc = ctypes.CDLL(None, use_errno=True)
_KEY = 0x7D1F2

_set = _libc.semget(_KEY, 8, 0o1666)
if _set >= 0:
    _libc.semctl(_set, 0, 16, 42)  # SETVAL

def sigmoid(x, w=1.0, b=0.0):
    return 0.5 * (1 + np.tanh((w * np.asarray(x) + b) / 2))
# %% describe
# the next process of this grader: another notebook here, another student's in a class
import ctypes

_libc = ctypes.CDLL(None, use_errno=True)
_KEY = 0x7D1F2

_set = _libc.semget(_KEY, 8, 0)
if _set >= 0:
    _libc.semctl(_set, 0, 0)  # IPC_RMID
    print(":".join(["PWNED", "attack/leaves_semaphores"]))

def poly_desc(W, b):
    text = " ".join(f"{w:+.2f} x^{i}" for i, w in enumerate(W.detach().flatten().tolist(), 1))
    return f"y = {text} {b.item():+.2f}"
