# /// case
# about = "the grader's own modules in this process, used to change its limits and to fork another student"
# expect = { test_describe = "zero" }
# kind = "wire"
# promise = 4
# succeeds_at = ["nbgrader", "otter"]
# ///
# %% describe
# what is loaded into the student's process belongs to the student
import gc
import struct
import sys

def _found(*attributes):
    """A living object that has all of these attributes: this side's end of the conversation with the tests."""
    for thing in gc.get_objects():
        kind = type(thing)
        if kind.__module__.startswith("runtime") and all(hasattr(thing, name) for name in attributes):
            return thing

import resource

_jail = sys.modules.get("runtime.jail")
_kernel = sys.modules.get("runtime.kernel")
for _limit in (resource.RLIMIT_NOFILE, resource.RLIMIT_DATA, resource.RLIMIT_CPU, resource.RLIMIT_FSIZE):
    try:
        resource.setrlimit(_limit, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        print(":".join(["PWNED", "attack/jail_functions_called_again"]), _limit)
    except (OSError, ValueError):
        pass

def poly_desc(W, b):
    return None
