# /// case
# about = "a name of twenty million characters, a docstring of as many, and a signature of a hundred thousand parameters"
# expect = { test_describe = "zero" }
# rest = "any"
# kind = "wire"
# promise = 4
# succeeds_at = []
# ///
# %% describe
# messages of failed tests show the name of what came instead of a number
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
_HUGE = "x" * 20_000_000
_ABOUT = {
    "classes": tuple("scipy." + "x" * 100 for _ in range(10_000)),
    "type": _HUGE,
    "__name__": _HUGE,
    "__doc__": _HUGE[:10_000_000],
    "signature": tuple((f"p{n}", 1, ()) for n in range(100_000)),
    "source": (2**62, -(2**62)),
}
if _operations is not None:
    _operations["describe"] = lambda *args: (4, _ABOUT)

class Thing:
    pass

def poly_desc(W, b):
    return Thing()
