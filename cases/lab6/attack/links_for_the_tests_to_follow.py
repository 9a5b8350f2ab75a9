# /// case
# about = "right answers, and symbolic links where a test or the grader may look, then a look at what became of them"
# kind = "read"
# promise = 2
# succeeds_at = []
# ///
# %% sigmoid
# whoever copies the working directory with links followed copies the secret into reach
import os

for _name, _target in (("data.csv", "/etc/shadow"), ("up", ".."), ("proc", "/proc/self/root"), ("nb.ipynb", "/etc/shadow")):
    try:
        os.symlink(_target, _name)
    except OSError:
        pass

def sigmoid(x, w=1.0, b=0.0):
    for name in ("data.csv", "nb.ipynb"):
        if os.path.isfile(name) and not os.path.islink(name):
            with open(name, "rb") as file:
                if b"root:" in file.read(100):
                    print(":".join(["PWNED", "attack/links_for_the_tests_to_follow"]))
    return 0.5 * (1 + np.tanh((w * np.asarray(x) + b) / 2))
