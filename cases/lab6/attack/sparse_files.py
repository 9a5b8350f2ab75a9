# /// case
# about = "right answers, and forty files of 48 MiB that take no space, touched again at every call"
# kind = "deny"
# promise = 4
# succeeds_at = []
# ///
# %% describe
# who copies the files of a submission pays with real bytes for what costs the student none
import os

def _touch():
    for number in range(40):
        with open(f"sparse-{number}", "ab") as file:
            file.truncate(48 * 2**20)
        os.utime(f"sparse-{number}")

_touch()

def poly_desc(W, b):
    _touch()
    text = " ".join(f"{w:+.2f} x^{i}" for i, w in enumerate(W.detach().flatten().tolist(), 1))
    return f"y = {text} {b.item():+.2f}"
