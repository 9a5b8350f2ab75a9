# /// case
# about = "right answers; a System V segment that no process has attached, found by the next notebook"
# kind = "persist"
# promise = 3
# succeeds_at = ["nbgrader", "otter"]
# ///
# %% sigmoid
# it stays until somebody removes it or the machine ends
import ctypes

_libc = ctypes.CDLL(None, use_errno=True)
_KEY = 0x7D1F3

_libc.shmget(_KEY, 4096, 0o1666)

def sigmoid(x, w=1.0, b=0.0):
    return 0.5 * (1 + np.tanh((w * np.asarray(x) + b) / 2))
# %% describe
# the next process of this grader: another notebook here, another student's in a class
import ctypes

_libc = ctypes.CDLL(None, use_errno=True)
_KEY = 0x7D1F3

_segment = _libc.shmget(_KEY, 0, 0)
if _segment >= 0:
    _libc.shmctl(_segment, 0, None)
    print(":".join(["PWNED", "attack/leaves_sysv_memory"]))

def poly_desc(W, b):
    text = " ".join(f"{w:+.2f} x^{i}" for i, w in enumerate(W.detach().flatten().tolist(), 1))
    return f"y = {text} {b.item():+.2f}"
