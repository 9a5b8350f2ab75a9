# /// case
# about = "a recursion without end, with Python's limit taken away, through C code"
# expect = { test_describe = "zero" }
# kind = "deny"
# promise = 4
# succeeds_at = ["nbgrader", "otter"]
# ///
# %% describe
# the stack of C ends with a segmentation fault
import functools
import sys

_calls = []

def _deeper(*_):
    return max([1], key=_deeper)

def poly_desc(W, b):
    _calls.append(1)
    if len(_calls) > 3:
        sys.setrecursionlimit(10**9)
        return functools.reduce(_deeper, [1, 2])
    text = " ".join(f"{w:+.2f} x^{i}" for i, w in enumerate(W.detach().flatten().tolist(), 1))
    return f"y = {text} {b.item():+.2f}"
