# /// case
# about = "right answers, and prlimit on the process that started this one and on its neighbours"
# kind = "escape"
# promise = 3
# succeeds_at = ["nbgrader", "otter"]
# ///
# %% sigmoid
# a processor time of zero ends whom no signal may reach; here each keeps the limit that it has
import os
import resource

def _others():
    """Processes that are not this one: as /proc lists them, or guessed around our own numbers."""
    try:
        seen = {int(name) for name in os.listdir("/proc") if name.isdigit()}
    except OSError:
        seen = {near + step for near in (os.getpid(), os.getppid()) for step in range(-200, 200)}
    return {pid for pid in seen | {os.getppid()} if pid > 0} - {1, os.getpid()}

def _sets(pid):
    try:
        now = resource.prlimit(pid, resource.RLIMIT_CORE)
        resource.prlimit(pid, resource.RLIMIT_CORE, now)
        return True
    except OSError:
        return False

# process 1 may be the jail's own
_reached = [pid for pid in _others() if _sets(pid)]
if _reached:
    print(":".join(["PWNED", "attack/limits_others"]), len(_reached))

def sigmoid(x, w=1.0, b=0.0):
    return 0.5 * (1 + np.tanh((w * np.asarray(x) + b) / 2))
