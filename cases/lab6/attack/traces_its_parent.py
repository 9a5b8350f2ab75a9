# /// case
# about = "right answers, and ptrace on the process that started this one"
# kind = "escape"
# promise = 2
# succeeds_at = ["nbgrader", "otter"]
# ///
# %% sigmoid
# a debugger may read and write all of its target; this one lets go at once
import ctypes
import os

def _attached(pid, attach=16, detach=17):
    libc = ctypes.CDLL(None, use_errno=True)
    libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
    if libc.ptrace(attach, pid, None, None) != 0:
        return False
    os.waitpid(pid, 0x40000000)
    libc.ptrace(detach, pid, None, None)
    return True

if os.getppid() > 0 and _attached(os.getppid()):
    print(":".join(["PWNED", "attack/traces_its_parent"]))

def sigmoid(x, w=1.0, b=0.0):
    return 0.5 * (1 + np.tanh((w * np.asarray(x) + b) / 2))
