# /// case
# about = "right answers, and three GiB in one process"
# kind = "deny"
# promise = 4
# succeeds_at = ["nbgrader", "otter"]
# ///
# %% sigmoid
# without a limit the kernel ends some process of the machine, and which one is not the student's choice
import time

def _fill(gib=3):
    kept = []
    try:
        for _ in range(gib * 8):
            kept.append(bytearray(b"x" * 2**20 * 128))
        time.sleep(1)
        return True
    except MemoryError:
        return False

if _fill():
    print(":".join(["PWNED", "attack/memory_of_one_process"]))

def sigmoid(x, w=1.0, b=0.0):
    return 0.5 * (1 + np.tanh((w * np.asarray(x) + b) / 2))
