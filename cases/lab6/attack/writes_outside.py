# /// case
# about = "right answers, and a new file in every folder that might be another's: above, home, libraries, caches"
# kind = "persist"
# promise = 3
# succeeds_at = ["nbgrader", "otter"]
# ///
# %% describe
# a module, a .pth file or a notebook that a later submission picks up; here taken away at once
import os
import site
import sys
import sysconfig

def _above():
    """The folders above, if they are what they seem: a private mount is no other's folder."""
    here = os.getcwd()
    while here != "/" and os.stat(here).st_dev == os.stat(".").st_dev:
        yield (here := os.path.dirname(here))

def _folders():
    yield from list(_above())[:4]
    yield from (os.path.expanduser("~"), site.getusersitepackages(), sysconfig.get_path("purelib"))
    yield from (sysconfig.get_path("stdlib"), os.path.join(sys.prefix, "bin"), "/usr/local/bin", "/var/tmp", "/etc")
    yield from ("/root", "/srv", "/opt", "/var/spool", "/run/lock", "/dev/mqueue")

def _written(folder):
    path = os.path.join(folder, f"visit-{os.getpid()}.txt")
    try:
        with open(path, "x"):
            pass
        same = os.stat(path).st_dev == os.stat(".").st_dev or not path.startswith("/tmp/")
        os.unlink(path)
        return same
    except OSError:
        return False

_found = [folder for folder in _folders() if folder != os.getcwd() and _written(folder)]
if _found:
    print(":".join(["PWNED", "attack/writes_outside"]), _found)

def poly_desc(W, b):
    text = " ".join(f"{w:+.2f} x^{i}" for i, w in enumerate(W.detach().flatten().tolist(), 1))
    return f"y = {text} {b.item():+.2f}"
