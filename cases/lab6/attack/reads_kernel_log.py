# /// case
# about = "right answers, and the kernel's log, which tells of other programs and addresses"
# kind = "read"
# promise = 2
# succeeds_at = ["nbgrader", "otter"]
# ///
# %% sigmoid
# the log is readable to root, and graders in containers are root
import ctypes
import os

def _log():
    buffer = ctypes.create_string_buffer(4096)
    return ctypes.CDLL(None).klogctl(3, buffer, 4096) > 0

def _device():
    try:
        descriptor = os.open("/dev/kmsg", os.O_RDONLY | os.O_NONBLOCK)
    except OSError:
        return False
    try:
        return bool(os.read(descriptor, 8192))
    except OSError:
        return False
    finally:
        os.close(descriptor)

if _log() or _device():
    print(":".join(["PWNED", "attack/reads_kernel_log"]))

def sigmoid(x, w=1.0, b=0.0):
    return 0.5 * (1 + np.tanh((w * np.asarray(x) + b) / 2))
