# /// case
# about = "values that point at handles, mirrors and call backs which do not exist"
# expect = { test_describe = "zero" }
# rest = "any"
# kind = "wire"
# promise = 4
# succeeds_at = []
# ///
# %% describe
# an index that nobody checks reads another test's objects
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
_NUMBERS = (0, -1, 1, 2, 3, 2**31, 2**63 - 1, -(2**63))
_calls = []

def _raw(value):
    """The reply of the call that runs now, with a value of our own bytes."""
    head = struct.pack("<BIII", 4, _talk.stack[-1], 0, 0)
    _talk.channel.send(head, value)

def poly_desc(W, b):
    _calls.append(1)
    if _talk is not None and _talk.stack:
        number = _NUMBERS[len(_calls) % len(_NUMBERS)]
        _raw(b"hHmKC"[len(_calls) % 5 :][:1] + struct.pack("<q", number))
    return None
