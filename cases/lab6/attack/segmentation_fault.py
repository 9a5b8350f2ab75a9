# /// case
# about = "address zero is read in the tested function, from the fourth call on"
# expect = { test_describe = "zero" }
# kind = "deny"
# promise = 4
# succeeds_at = ["nbgrader", "otter"]
# ///
# %% describe
# a crash in C is no exception: the process is gone, with all that it held
import ctypes

_calls = []

def poly_desc(W, b):
    _calls.append(1)
    if len(_calls) > 3:
        ctypes.string_at(0)
    text = " ".join(f"{w:+.2f} x^{i}" for i, w in enumerate(W.detach().flatten().tolist(), 1))
    return f"y = {text} {b.item():+.2f}"
