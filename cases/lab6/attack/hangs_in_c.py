# /// case
# about = "a regular expression that takes years, from the fourth call on: C code that hears no interrupt"
# expect = { test_describe = "zero" }
# kind = "deny"
# promise = 4
# succeeds_at = ["otter"]
# ///
# %% describe
# a grader that interrupts politely waits for ever, or gives up the whole notebook
import re

_calls = []

def poly_desc(W, b):
    _calls.append(1)
    if len(_calls) > 3:
        re.fullmatch(r"(a+)+", "a" * 64 + "b")
    text = " ".join(f"{w:+.2f} x^{i}" for i, w in enumerate(W.detach().flatten().tolist(), 1))
    return f"y = {text} {b.item():+.2f}"
