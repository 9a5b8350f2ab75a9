# /// case
# about = "right answers, and three GiB of anonymous shared memory"
# expect = { test_sigmoid_values = "zero", test_sigmoid_extreme = "zero", test_sigmoid_vector = "zero" }
# kind = "deny"
# promise = 4
# succeeds_at = ["nbgrader", "otter"]
# ///
# %% sigmoid
# RLIMIT_DATA counts private memory only
import mmap
import time

def _fill(gib=3):
    kept = []
    try:
        for _ in range(gib * 8):
            kept.append(mmap.mmap(-1, 2**27, mmap.MAP_SHARED | mmap.MAP_ANONYMOUS))
            kept[-1].write(b"x" * 2**27)
        time.sleep(2)
        return True
    except (OSError, MemoryError, ValueError):
        return False

if _fill():
    print(":".join(["PWNED", "attack/memory_shared"]))

def sigmoid(x, w=1.0, b=0.0):
    return 0.5 * (1 + np.tanh((w * np.asarray(x) + b) / 2))
