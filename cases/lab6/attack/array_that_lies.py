# /// case
# about = "an ndarray subclass that answers every NumPy function with zeros"
# expect = { test_probability_map = "zero" }
# kind = "forge"
# promise = 1
# succeeds_at = []
# ///
# %% probability_map
# np.abs(prob - expected).max() is computed by the student's class
class Zeros(np.ndarray):
    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        return np.zeros(self.shape) if ufunc not in (np.less, np.less_equal, np.isfinite) else np.ones(self.shape, bool)

    def __array_function__(self, function, types, args, kwargs):
        return True

    def max(self, *args, **kwargs):
        return 0.0

    def __sub__(self, other):
        return np.zeros(self.shape)

    __rsub__ = __sub__

prob = np.full((51, 51), 0.5).view(Zeros)
