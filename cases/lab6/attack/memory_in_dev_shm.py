# /// case
# about = "right answers, and three GiB of files in /dev/shm and /tmp, where these lie in memory"
# kind = "deny"
# promise = 4
# succeeds_at = ["nbgrader", "otter"]
# ///
# %% sigmoid
# a file there is memory of the machine until somebody deletes it
import os
import time

def _fill(folder, gib=3, piece=48 * 2**20):
    names, block = [], b"x" * piece
    try:
        while len(names) * piece < gib * 2**30:
            names.append(f"{folder}/block-{os.getpid()}-{len(names)}")
            with open(names[-1], "wb") as file:
                file.write(block)
        time.sleep(1)
        return True
    except (OSError, MemoryError):
        return False
    finally:
        for name in names:
            if os.path.exists(name):
                os.unlink(name)

if _fill("/dev/shm"):
    print(":".join(["PWNED", "attack/memory_in_dev_shm"]))

def sigmoid(x, w=1.0, b=0.0):
    return 0.5 * (1 + np.tanh((w * np.asarray(x) + b) / 2))
