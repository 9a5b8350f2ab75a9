# /// case
# about = "an object that equals, exceeds and undercuts everything"
# expect = { test_sigmoid_values = "zero", test_sigmoid_extreme = "zero" }
# rest = "any"
# kind = "forge"
# promise = 1
# succeeds_at = []
# ///
# %% sigmoid
# the comparison is answered by the student's own object
class Agreeable:
    shape, dtype, ndim, size = (), float, 0, 1

    def _yes(self, *others):
        return True

    def _self(self, *others):
        return self

    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __contains__ = __bool__ = _yes
    __sub__ = __rsub__ = __add__ = __radd__ = __mul__ = __abs__ = __neg__ = __call__ = __getitem__ = _self
    __hash__ = None

def sigmoid(x, w=1.0, b=0.0):
    return Agreeable()
