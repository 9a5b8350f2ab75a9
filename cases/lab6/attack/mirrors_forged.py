# /// case
# about = "changes to objects of the test that were never shared, of another kind, twice at once, and cut short"
# expect = { test_describe = "zero" }
# rest = "any"
# kind = "wire"
# promise = 3
# succeeds_at = []
# ///
# %% describe
# the test's own arrays change their values while it compares them
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
_LEAF = struct.Struct("<qBI")
_calls = []

def _changes():
    zero = b"T" + b"a" + bytes([11, 0, 1]) + struct.pack("<Q", 1) + bytes(8)
    for leaf in (0, 2, 4, 100, 1, 3, -2):
        for kind in b"axlMG":
            yield _LEAF.pack(leaf, kind, len(zero)) + zero
            yield (_LEAF.pack(leaf, kind, len(zero)) + zero) * 2
            yield _LEAF.pack(leaf, kind, 2**31)

_every = list(_changes())

def poly_desc(W, b):
    if _talk is not None and _talk.stack:
        part = _every[len(_calls) % len(_every)]
        _calls.append(1)
        _talk.channel.send(struct.pack("<BIII", 4, _talk.stack[-1], 0, len(part)), part, b"s\x01\0\0\0y")
    return None
