# /// case
# about = "right answers, and a search of /proc for processes that are not its own and show environment or command line"
# kind = "read"
# promise = 2
# succeeds_at = ["nbgrader", "otter"]
# ///
# %% sigmoid
# the command line of a database client, or the environment of a scheduler, holds passwords
import os

def _others():
    """Processes that are not this one: as /proc lists them, or guessed around our own numbers."""
    try:
        seen = {int(name) for name in os.listdir("/proc") if name.isdigit()}
    except OSError:
        seen = {near + step for near in (os.getpid(), os.getppid()) for step in range(-200, 200)}
    return {pid for pid in seen | {os.getppid()} if pid > 0} - {1, os.getpid()}

def _shown(pid):
    for name in ("environ", "cmdline"):
        try:
            with open(f"/proc/{pid}/{name}", "rb") as file:
                text = file.read()
        except OSError:
            continue
        with open(f"/proc/self/{name}", "rb") as file:
            if text.strip(b"\0") and text != file.read():
                return True
    return False

if any(map(_shown, _others())):
    print(":".join(["PWNED", "attack/reads_environment_of_others"]))

def sigmoid(x, w=1.0, b=0.0):
    return 0.5 * (1 + np.tanh((w * np.asarray(x) + b) / 2))
