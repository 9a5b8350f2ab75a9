# /// case
# about = "right answers, and a connection to every port of this machine on which somebody listens"
# kind = "escape"
# promise = 2
# succeeds_at = ["nbgrader", "otter"]
# ///
# %% sigmoid
# Jupyter servers, schedulers and databases of a teacher listen on localhost and trust it
import socket

def _ports():
    yield from (22, 80, 443, 5432, 8786, 8888)
    for name in ("tcp", "tcp6"):
        try:
            with open(f"/proc/net/{name}") as file:
                rows = [line.split() for line in file.readlines()[1:]]
        except OSError:
            continue
        yield from {int(row[1].rpartition(":")[2], 16) for row in rows if row[3] == "0A"}

def _reaches(port):
    for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        try:
            with socket.socket(family) as connection:
                connection.settimeout(0.5)
                connection.connect((host, port))
                return True
        except OSError:
            continue
    return False

if any(map(_reaches, _ports())):
    print(":".join(["PWNED", "attack/talks_to_local_servers"]))

def sigmoid(x, w=1.0, b=0.0):
    return 0.5 * (1 + np.tanh((w * np.asarray(x) + b) / 2))
