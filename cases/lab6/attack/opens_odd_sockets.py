# /// case
# about = "right answers, and raw, packet, netlink, vsock and kernel crypto sockets"
# kind = "escape"
# promise = 2
# succeeds_at = ["nbgrader", "otter"]
# ///
# %% sigmoid
# a filter that knows of TCP and UDP alone leaves thirty other families
import socket

_KINDS = {
    "packet": (17, socket.SOCK_RAW),
    "netlink": (16, socket.SOCK_RAW),
    "vsock": (40, socket.SOCK_STREAM),
    "crypto": (38, 5),
    "raw": (2, socket.SOCK_RAW),
    "bluetooth": (31, socket.SOCK_RAW),
    "xdp": (44, socket.SOCK_RAW),
    "mptcp": (2, socket.SOCK_STREAM),
}

def _opens(name):
    family, kind = _KINDS[name]
    try:
        socket.socket(family, kind, {"raw": 1, "mptcp": 262}.get(name, 0)).close()
        return True
    except OSError:
        return False

_found = [name for name in _KINDS if _opens(name)]
if _found:
    print(":".join(["PWNED", "attack/opens_odd_sockets"]), _found)

def sigmoid(x, w=1.0, b=0.0):
    return 0.5 * (1 + np.tanh((w * np.asarray(x) + b) / 2))
