# /// case
# about = "right answers, and a harmless signal to every process that is neither its own nor its descendant"
# kind = "escape"
# promise = 3
# succeeds_at = ["nbgrader", "otter", "tier0"]
# ///
# %% sigmoid
# whom SIGCONT reaches, SIGKILL and SIGSTOP reach too: other submissions, and the grader
import os
import signal

def _pids():
    yield os.getppid()
    yield from (int(name) for name in os.listdir("/proc") if name.isdigit())

def _reaches(pid):
    try:
        os.kill(pid, signal.SIGCONT)
        return True
    except OSError:
        return False

# process 1 may be the jail's own
_reached = [pid for pid in set(_pids()) - {0, 1, os.getpid()} if _reaches(pid)]
if _reached:
    print(":".join(["PWNED", "attack/signals_others"]), len(_reached))

def sigmoid(x, w=1.0, b=0.0):
    return 0.5 * (1 + np.tanh((w * np.asarray(x) + b) / 2))
