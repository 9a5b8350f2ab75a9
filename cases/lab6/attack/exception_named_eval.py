# /// case
# about = "an exception class named eval, whose message is code and whose str() raises"
# expect = { test_boundary_vertical = "zero", test_boundary_line = "zero" }
# kind = "forge"
# promise = 3
# succeeds_at = ["otter"]
# ///
# %% boundary
# the grader looks the class up by its name and calls it with the message
def _str(self):
    raise RuntimeError("no text")

_Evil = type("eval", (Exception,), {"__str__": _str, "__repr__": _str})
_Evil.__module__ = "builtins"
_Evil.__qualname__ = "eval"

def boundary_x2(x1, w1, w2, b):
    raise _Evil("print(':'.join(['PWNED', 'attack/exception_named_eval']))")
