# /// case
# about = "replies under ids of calls that were never made, or made long ago"
# expect = { test_describe = "zero" }
# rest = "any"
# kind = "wire"
# promise = 3
# succeeds_at = []
# ///
# %% describe
# an answer that is matched with the wrong question may be right
import gc
import struct
import sys

def _found(*attributes):
    """A living object that has all of these attributes: this side's end of the conversation with the tests."""
    for thing in gc.get_objects():
        kind = type(thing)
        if kind.__module__.startswith("runtime") and all(hasattr(thing, name) for name in attributes):
            return thing

_talk = _found("channel", "stack", "send")
_plain = getattr(_talk, "send", None)
_seen = [0]

def _send(kind, call, value, *args, **kwargs):
    """Every second reply has another id; all say what the last right one said."""
    _seen[0] += 1
    return _plain(kind, call + (_seen[0] % 3) - 1, value, *args, **kwargs)

if _talk is not None:
    _talk.send = _send

def poly_desc(W, b):
    return "y = +1.00 x^1 +1.00"
