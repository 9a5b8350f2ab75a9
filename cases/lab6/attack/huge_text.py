# /// case
# about = "an answer of thirty million characters, and an exception with as many"
# expect = { test_describe = "zero" }
# kind = "deny"
# promise = 4
# succeeds_at = []
# ///
# %% describe
# the message of a failed comparison quotes what it got
_calls = []

class _Loud(Exception):
    def __str__(self):
        return "m" * 30_000_000

def poly_desc(W, b):
    _calls.append(1)
    if len(_calls) > 4:
        raise _Loud
    return "y" * 30_000_000
