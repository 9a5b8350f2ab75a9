# /// case
# about = "right answers, and a mount over a folder of its own, by mount(2) and by fsopen"
# kind = "escape"
# promise = 2
# succeeds_at = ["nbgrader", "otter"]
# ///
# %% sigmoid
# who may mount may also take away a mount that hides something
import ctypes
import os

_libc = ctypes.CDLL(None, use_errno=True)

def _mounted():
    os.makedirs("m", exist_ok=True)
    if _libc.mount(b"none", os.path.abspath("m").encode(), b"tmpfs", 0, b"size=4096") == 0:
        _libc.umount2(os.path.abspath("m").encode(), 2)
        return True
    opened = _libc.syscall(430, b"tmpfs", 0)  # fsopen
    if opened >= 0:
        os.close(opened)
    return opened >= 0

if _mounted():
    print(":".join(["PWNED", "attack/mounts_a_filesystem"]))

def sigmoid(x, w=1.0, b=0.0):
    return 0.5 * (1 + np.tanh((w * np.asarray(x) + b) / 2))
