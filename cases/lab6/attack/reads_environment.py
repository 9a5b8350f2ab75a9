# /// case
# about = "right answers, and a search of this process's environment, now and at its start, for tokens"
# kind = "read"
# promise = 2
# succeeds_at = ["nbgrader", "otter"]
# ///
# %% sigmoid
# whoever starts the grader has tokens in the environment, which is inherited unless it is emptied
import os

_WORDS = ("TOKEN", "SECRET", "PASSWORD", "PASSWD", "API_KEY", "CREDENTIAL", "SSH_AUTH_SOCK", "PRIVATE")

def _names():
    yield from os.environ
    with open("/proc/self/environ", "rb") as file:
        for entry in file.read().split(b"\0"):
            yield entry.partition(b"=")[0].decode("latin-1")

try:
    if any(word in name.upper() for name in _names() for word in _WORDS):
        print(":".join(["PWNED", "attack/reads_environment"]))
except OSError:
    pass

def sigmoid(x, w=1.0, b=0.0):
    return 0.5 * (1 + np.tanh((w * np.asarray(x) + b) / 2))
