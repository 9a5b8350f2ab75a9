# /// case
# about = "right answers, and a connection to every unix socket in known places and above the working directory"
# kind = "escape"
# promise = 2
# succeeds_at = ["nbgrader"]
# ///
# %% sigmoid
# Docker, an ssh agent and the message bus of a desktop wait on such sockets
import os
import socket
import stat

def _sockets():
    here = os.path.realpath(os.getcwd())
    above = []
    while here != "/":
        here = os.path.dirname(here)
        above.append(here)
    for folder in (*above, "/run", "/var/run", "/run/user/0", "/tmp"):
        try:
            names = os.listdir(folder)[:2000]
        except OSError:
            continue
        for name in names:
            path = os.path.join(folder, name)
            try:
                if stat.S_ISSOCK(os.lstat(path).st_mode):
                    yield path
            except OSError:
                continue

def _reaches(path):
    for kind in (socket.SOCK_STREAM, socket.SOCK_SEQPACKET, socket.SOCK_DGRAM):
        try:
            with socket.socket(socket.AF_UNIX, kind) as connection:
                connection.settimeout(0.5)
                connection.connect(path)
                return True
        except OSError:
            continue
    return False

if any(map(_reaches, _sockets())):
    print(":".join(["PWNED", "attack/sockets_with_a_path"]))

def sigmoid(x, w=1.0, b=0.0):
    return 0.5 * (1 + np.tanh((w * np.asarray(x) + b) / 2))
