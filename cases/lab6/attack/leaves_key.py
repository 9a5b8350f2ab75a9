# /// case
# about = "right answers; a key in the user's keyring of the kernel, read by the next notebook"
# kind = "persist"
# promise = 3
# succeeds_at = ["nbgrader", "otter"]
# ///
# %% sigmoid
# keyrings belong to a user id, so that all submissions share one
import ctypes

_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall(248, b"user", b"left-by-a-student", b"answers", 7, -4)  # add_key, the user's keyring

def sigmoid(x, w=1.0, b=0.0):
    return 0.5 * (1 + np.tanh((w * np.asarray(x) + b) / 2))
# %% describe
# the next process of this grader: another notebook here, another student's in a class
import ctypes

_libc = ctypes.CDLL(None, use_errno=True)
_key = _libc.syscall(250, 10, -4, b"user", b"left-by-a-student", 0)  # KEYCTL_SEARCH
if _key >= 0:
    _libc.syscall(250, 9, _key, -4)  # KEYCTL_UNLINK
    print(":".join(["PWNED", "attack/leaves_key"]))

def poly_desc(W, b):
    text = " ".join(f"{w:+.2f} x^{i}" for i, w in enumerate(W.detach().flatten().tolist(), 1))
    return f"y = {text} {b.item():+.2f}"
