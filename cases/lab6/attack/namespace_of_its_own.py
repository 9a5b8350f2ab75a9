# /// case
# about = "right answers, and a user namespace in which this process is root and may mount"
# kind = "escape"
# promise = 2
# succeeds_at = ["nbgrader", "otter"]
# ///
# %% sigmoid
# root in a namespace reaches much more of the kernel than a plain user does
import ctypes
import os

def _became_root():
    libc = ctypes.CDLL(None, use_errno=True)
    pid = os.fork()
    if pid == 0:
        there = libc.unshare(0x10000000 | 0x00020000) == 0  # CLONE_NEWUSER | CLONE_NEWNS
        os._exit(0 if there else 1)
    return os.waitpid(pid, 0)[1] == 0

if _became_root():
    print(":".join(["PWNED", "attack/namespace_of_its_own"]))

def sigmoid(x, w=1.0, b=0.0):
    return 0.5 * (1 + np.tanh((w * np.asarray(x) + b) / 2))
