# /// case
# about = "every name is said not to exist, and every call to be the loss of a name"
# expect = { test_describe = "zero" }
# rest = "any"
# kind = "wire"
# promise = 3
# succeeds_at = []
# ///
# %% describe
# a test that tolerates a missing function has nothing to test
import gc
import struct
import sys

def _found(*attributes):
    """A living object that has all of these attributes: this side's end of the conversation with the tests."""
    for thing in gc.get_objects():
        kind = type(thing)
        if kind.__module__.startswith("runtime") and all(hasattr(thing, name) for name in attributes):
            return thing

_operations = getattr(sys.modules.get("runtime.student"), "OPERATIONS", None)
if _operations is not None:
    _operations["call"] = _operations["name"] = lambda *args: (7, None)  # MISSING

def poly_desc(W, b):
    return None
