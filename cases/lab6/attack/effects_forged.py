# /// case
# about = "effects of a call in every wrong form: text of 30 MB, warnings without end, states of generators"
# expect = { test_describe = "zero" }
# rest = "any"
# kind = "wire"
# promise = 3
# succeeds_at = []
# ///
# %% describe
# what happens beside a value is read with less care than the value
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
_encode = getattr(sys.modules.get("runtime.wire"), "encode", None)
_calls = []
_EFFECTS = (
    {"stdout": "x" * 30_000_000, "stderr": "y" * 30_000_000},
    {"warnings": [(41, "w")] * 100_000},
    {"warnings": [(-1, "w")]},
    {"warnings": 7},
    {"rebound": ["poly_desc"] * 10_000, "random": {"numpy": None, "torch": b"", "random": (3, (1,), None)}},
    {"rebound": 3},
    {"rebound": [[]]},
    {"random": []},
    {"stdout": b""},
    [],
)

def poly_desc(W, b):
    text = "y = +1.00"
    if _talk is not None and _talk.stack:
        _talk._effects = lambda: _encode(_EFFECTS[len(_calls) % len(_EFFECTS)])
        _calls.append(1)
    return text
