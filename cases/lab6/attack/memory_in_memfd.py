# /// case
# about = "right answers, and three GiB in files that have no name and lie in memory"
# kind = "deny"
# promise = 4
# succeeds_at = ["nbgrader", "otter"]
# ///
# %% sigmoid
# memfd_create counts neither as memory of the process nor as space on a disk
import os
import time

def _fill(gib=3, piece=48 * 2**20):
    kept, block = [], b"x" * piece
    try:
        while len(kept) * piece < gib * 2**30:
            kept.append(os.memfd_create("block"))
            if os.write(kept[-1], block) != piece:
                return False
        time.sleep(2)
        return True
    except (OSError, MemoryError):
        return False
    finally:
        for descriptor in kept:
            os.close(descriptor)

if _fill():
    print(":".join(["PWNED", "attack/memory_in_memfd"]))

def sigmoid(x, w=1.0, b=0.0):
    return 0.5 * (1 + np.tanh((w * np.asarray(x) + b) / 2))
