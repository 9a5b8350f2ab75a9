# /// case
# about = "right answers, and a search of /proc for processes that are not its own and show environment or command line"
# kind = "read"
# promise = 2
# succeeds_at = ["nbgrader", "otter", "tier0"]
# ///
# %% sigmoid
# the command line of a database client, or the environment of a scheduler, holds passwords
import os

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

if any(_shown(name) for name in os.listdir("/proc") if name.isdigit() and int(name) != os.getpid()):
    print(":".join(["PWNED", "attack/reads_environment_of_others"]))

def sigmoid(x, w=1.0, b=0.0):
    return 0.5 * (1 + np.tanh((w * np.asarray(x) + b) / 2))
