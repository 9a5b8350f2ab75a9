# /// case
# about = "lists and dictionaries that announce a billion items, arrays whose shape is larger than their bytes"
# expect = { test_describe = "zero" }
# rest = "any"
# kind = "wire"
# promise = 4
# succeeds_at = []
# ///
# %% describe
# whoever makes room for what is announced is out of memory
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
_calls = []
_VALUES = (
    b"l" + struct.pack("<I", 2**30),
    b"d" + struct.pack("<I", 2**31),
    b"a" + bytes([11, 0, 2]) + struct.pack("<QQ", 2**32, 2**31),
    b"a" + bytes([11, 0, 2]) + struct.pack("<QQ", 0, 2**63),
    b"x" + struct.pack("<I", 3) + b"cpu" + bytes([12, 0, 3]) + struct.pack("<QQQ", 2**21, 2**21, 2**21),
    b"I" + struct.pack("<I", 2**31),
    b"s" + struct.pack("<I", 2**31),
    b"t" + struct.pack("<I", 0x7FFFFFFF),
    b"r" + struct.pack("<I", 5),
    b"L" + struct.pack("<I", 1) + b"a" + b"L",
)

def poly_desc(W, b):
    if _talk is not None and _talk.stack:
        _talk.channel.send(struct.pack("<BIII", 4, _talk.stack[-1], 0, 0), _VALUES[len(_calls) % len(_VALUES)])
        _calls.append(1)
    return None
