# /// case
# about = "a subclass of float whose arithmetic always gives zero"
# expect = { test_sigmoid_values = "zero", test_sigmoid_extreme = "zero" }
# rest = "any"
# kind = "forge"
# promise = 1
# succeeds_at = []
# ///
# %% sigmoid
# abs(got - expected) is computed by the student's class
class Close(float):
    def __sub__(self, other):
        return Close(0)

    __rsub__ = __abs__ = __sub__

    def __abs__(self):
        return 0.0

    def __eq__(self, other):
        return True

    def __lt__(self, other):
        return True

    __le__ = __gt__ = __ge__ = __lt__
    __hash__ = float.__hash__

def sigmoid(x, w=1.0, b=0.0):
    return Close(0.123)
