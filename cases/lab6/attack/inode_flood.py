# /// case
# about = "right answers to the other questions, and a hundred thousand empty files"
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
# an empty file takes no bytes, and an inode; whoever lists or copies the folder pays again
import os
import shutil

def _fill(count=100_000):
    os.mkdir("many")
    try:
        for number in range(count):
            os.close(os.open(f"many/{number}", os.O_WRONLY | os.O_CREAT, 0o600))
        return len(os.listdir("many")) == count
    except OSError:
        return False
    finally:
        shutil.rmtree("many", ignore_errors=True)

if _fill():
    print(":".join(["PWNED", "attack/inode_flood"]))

def sigmoid(x, w=1.0, b=0.0):
    return 0.5 * (1 + np.tanh((w * np.asarray(x) + b) / 2))
