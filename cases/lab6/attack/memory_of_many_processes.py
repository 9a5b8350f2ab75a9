# /// case
# about = "right answers, and three GiB in four processes that each stay below a limit of one"
# expect = { test_sigmoid_values = "zero", test_sigmoid_extreme = "zero", test_sigmoid_vector = "zero" }
# kind = "deny"
# promise = 4
# succeeds_at = ["nbgrader", "otter"]
# ///
# %% sigmoid
# a limit on each process is none on all of them
import os
import time

def _fill(processes=4, mib=768):
    reader, writer = os.pipe()
    born = []
    for _ in range(processes):
        pid = os.fork()
        if pid == 0:
            try:
                kept = bytearray(2**20 * mib)
                for at in range(0, len(kept), 4096):
                    kept[at] = 120
                os.write(writer, b"x")
                time.sleep(20)
                os._exit(kept[0] != 120)
            except BaseException:
                os._exit(1)
        born.append(pid)
    os.close(writer)
    full = sum(bool(os.read(reader, 1)) for _ in range(processes))  # nothing from one that ended
    time.sleep(2)  # a watchman has had the time to notice
    alive = sum(os.waitpid(pid, os.WNOHANG)[0] == 0 for pid in born)
    for pid in born:
        try:
            os.kill(pid, 9)
        except OSError:
            pass
    return full == alive == processes

if _fill():
    print(":".join(["PWNED", "attack/memory_of_many_processes"]))

def sigmoid(x, w=1.0, b=0.0):
    return 0.5 * (1 + np.tanh((w * np.asarray(x) + b) / 2))
