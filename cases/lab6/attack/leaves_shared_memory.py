# /// case
# about = "right answers; named shared memory in /dev/shm, found by the next notebook"
# kind = "persist"
# promise = 3
# succeeds_at = ["nbgrader", "otter"]
# ///
# %% sigmoid
# multiprocessing.shared_memory outlives the process that made it
from multiprocessing import resource_tracker, shared_memory

try:
    _block = shared_memory.SharedMemory("left-by-a-student", create=True, size=16)
    resource_tracker.unregister(_block._name, "shared_memory")
except Exception:
    pass

def sigmoid(x, w=1.0, b=0.0):
    return 0.5 * (1 + np.tanh((w * np.asarray(x) + b) / 2))
# %% describe
# the next process of this grader: another notebook here, another student's in a class
from multiprocessing import shared_memory

try:
    shared_memory.SharedMemory("left-by-a-student").unlink()
    print(":".join(["PWNED", "attack/leaves_shared_memory"]))
except Exception:
    pass

def poly_desc(W, b):
    text = " ".join(f"{w:+.2f} x^{i}" for i, w in enumerate(W.detach().flatten().tolist(), 1))
    return f"y = {text} {b.item():+.2f}"
