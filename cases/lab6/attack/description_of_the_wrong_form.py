# /// case
# about = "descriptions that are numbers, lists, themselves handles, or hold handles where text is due"
# expect = { test_describe = "zero" }
# rest = "any"
# kind = "wire"
# promise = 4
# succeeds_at = []
# ///
# %% describe
# code that formats a claim calls what the student put there
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
_made = []

class Thing:
    def __call__(self, *args, **kwargs):
        return Thing()

def _describe(*args):
    _made.append(1)
    forms = (7, [], Thing(), {}, {"type": Thing()}, {"type": "a", "classes": (Thing(),)}, {"type": "a b\n[red]", "__name__": Thing()})
    return 4, forms[len(_made) % len(forms)]

if _operations is not None:
    _operations["describe"] = _describe

def poly_desc(W, b):
    return Thing()
