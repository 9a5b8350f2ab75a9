# /// case
# about = "right answers, and five hundred processes at once, each of which sleeps"
# kind = "deny"
# promise = 4
# succeeds_at = ["nbgrader", "otter"]
# ///
# %% describe
# the table of processes belongs to the machine; a real bomb would not stop at five hundred
import os
import time

def _bomb(count=500):
    born = []
    try:
        for _ in range(count):
            born.append(os.posix_spawn("/bin/sleep", ["sleep", "30"], {}))
        time.sleep(2)  # a watchman has had the time to notice
    except OSError:
        pass
    alive = sum(os.waitpid(pid, os.WNOHANG)[0] == 0 for pid in born)
    for pid in born:
        try:
            os.kill(pid, 9)
        except OSError:
            pass
    return alive

if _bomb() == 500:
    print(":".join(["PWNED", "attack/fork_bomb"]))

def poly_desc(W, b):
    text = " ".join(f"{w:+.2f} x^{i}" for i, w in enumerate(W.detach().flatten().tolist(), 1))
    return f"y = {text} {b.item():+.2f}"
