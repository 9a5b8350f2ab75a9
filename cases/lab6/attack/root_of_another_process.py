# /// case
# about = "right answers, and /proc/PID/root and /proc/PID/cwd of other processes as doors to what they see"
# kind = "escape"
# promise = 2
# succeeds_at = ["nbgrader", "otter", "tier0"]
# ///
# %% sigmoid
# whoever hides folders by mounts has other processes that still see them
import os

def _listed(path):
    try:
        return bool(os.listdir(path))
    except OSError:
        return False

def _doors(pid):
    for name in ("root", "cwd", "task"):
        yield f"/proc/{pid}/{name}" + ("/root" if name == "root" else "")
    yield f"/proc/{pid}/fd"

_others = [name for name in os.listdir("/proc") if name.isdigit() and int(name) != os.getpid()]
if any(_listed(path) for pid in _others for path in _doors(pid) if not path.endswith("task")):
    print(":".join(["PWNED", "attack/root_of_another_process"]))

def sigmoid(x, w=1.0, b=0.0):
    return 0.5 * (1 + np.tanh((w * np.asarray(x) + b) / 2))
