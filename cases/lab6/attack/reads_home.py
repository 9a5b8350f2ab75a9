# /// case
# about = "right answers, and a look into the home of the user who grades, and at /etc/shadow"
# kind = "read"
# promise = 2
# succeeds_at = ["nbgrader", "otter"]
# ///
# %% describe
# keys, tokens and histories of an instructor lie in files with a leading dot
import os
import pwd

def _homes():
    yield os.path.expanduser("~")
    for entry in pwd.getpwall():
        if entry.pw_dir.startswith(("/home/", "/root")):
            yield entry.pw_dir

def _secrets():
    yield "/etc/shadow"
    for home in set(_homes()):
        for name in (".ssh/id_rsa", ".ssh/id_ed25519", ".netrc", ".pypirc", ".bash_history", ".bashrc", ".profile"):
            yield os.path.join(home, name)
        for name in (".gitconfig", ".git-credentials", ".docker/config.json", ".aws/credentials", ".kube/config"):
            yield os.path.join(home, name)

def _readable(path):
    try:
        with open(path, "rb") as file:
            return bool(file.read(1))
    except OSError:
        return False

if any(map(_readable, _secrets())):
    print(":".join(["PWNED", "attack/reads_home"]))

def poly_desc(W, b):
    text = " ".join(f"{w:+.2f} x^{i}" for i, w in enumerate(W.detach().flatten().tolist(), 1))
    return f"y = {text} {b.item():+.2f}"
