# /// case
# about = "right answers; a file in /tmp, found by the next notebook"
# kind = "persist"
# promise = 3
# succeeds_at = ["nbgrader", "otter"]
# ///
# %% sigmoid
# answers of one student for the next, or data that a later cell will trust
import os

for _folder in ("/tmp", "/var/tmp"):
    try:
        with open(f"{_folder}/left-by-a-student", "x"):
            pass
    except OSError:
        pass

def sigmoid(x, w=1.0, b=0.0):
    return 0.5 * (1 + np.tanh((w * np.asarray(x) + b) / 2))
# %% describe
# the next process of this grader: another notebook here, another student's in a class
import os

for _folder in ("/tmp", "/var/tmp"):
    if os.path.exists(f"{_folder}/left-by-a-student"):
        os.unlink(f"{_folder}/left-by-a-student")
        print(":".join(["PWNED", "attack/leaves_file_in_tmp"]))

def poly_desc(W, b):
    text = " ".join(f"{w:+.2f} x^{i}" for i, w in enumerate(W.detach().flatten().tolist(), 1))
    return f"y = {text} {b.item():+.2f}"
