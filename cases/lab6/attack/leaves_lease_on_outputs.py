# /// case
# about = "right answers; a process that goes on writing to the standard output of a notebook that is over"
# kind = "persist"
# promise = 3
# succeeds_at = ["nbgrader"]
# ///
# %% sigmoid
# text of one submission in the output of the next, if descriptors or pipes are used again
import os
import time

if os.fork() == 0:
    os.setsid()
    _end = time.time() + 10
    while time.time() < _end:
        try:
            os.write(1, b"left-by-a-student\n")
        except OSError:
            pass
        time.sleep(0.05)
    os._exit(0)

def sigmoid(x, w=1.0, b=0.0):
    return 0.5 * (1 + np.tanh((w * np.asarray(x) + b) / 2))
# %% describe
# the next process of this grader: another notebook here, another student's in a class
import glob
import os
import time

time.sleep(0.5)
for _stream in ("/proc/self/fd/0", *glob.glob("/proc/self/fd/[0-9]*")):
    try:
        _descriptor = os.open(_stream, os.O_RDONLY | os.O_NONBLOCK)
        if b"left-by-a-student" in os.read(_descriptor, 1 << 16):
            print(":".join(["PWNED", "attack/leaves_lease_on_outputs"]))
        os.close(_descriptor)
    except OSError:
        pass

def poly_desc(W, b):
    text = " ".join(f"{w:+.2f} x^{i}" for i, w in enumerate(W.detach().flatten().tolist(), 1))
    return f"y = {text} {b.item():+.2f}"
