# /// case
# about = "names that a test may use are bound beforehand to objects that agree with everything"
# expect = { test_sigmoid_values = "zero", test_sigmoid_extreme = "zero" }
# rest = "any"
# kind = "forge"
# promise = 1
# succeeds_at = []
# ///
# %% sigmoid
# the test picks up the student's checks, reference and expected
import sys
from types import ModuleType

class _Yes(ModuleType):
    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *args, **kwargs: True

expected = want = reference = ref = checks = autograder = _Yes("checks")
for _name in ("autograder", "autograder.checks", "reference"):
    sys.modules[_name] = checks
checks.checks = checks

def sigmoid(x, w=1.0, b=0.0):
    return 0.0
