# /// case
# about = "right answers, and two thousand threads at once"
# kind = "deny"
# promise = 4
# succeeds_at = []
# ///
# %% describe
# a thread is a process to the kernel, and needs a stack besides
import threading

def _bomb(count=2000):
    go, alive = threading.Event(), []
    try:
        for _ in range(count):
            thread = threading.Thread(target=go.wait, args=(20,), daemon=True)
            thread.start()
            alive.append(thread)
    except (RuntimeError, MemoryError):
        pass
    running = sum(thread.is_alive() for thread in alive)
    go.set()
    return running

if _bomb() == 2000:
    print(":".join(["PWNED", "attack/thread_bomb"]))

def poly_desc(W, b):
    text = " ".join(f"{w:+.2f} x^{i}" for i, w in enumerate(W.detach().flatten().tolist(), 1))
    return f"y = {text} {b.item():+.2f}"
