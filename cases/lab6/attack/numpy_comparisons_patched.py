# /// case
# about = "np.allclose, np.isclose, np.testing and math.isclose always agree"
# expect = { test_sigmoid_2d = "zero" }
# rest = "any"
# kind = "forge"
# promise = 1
# succeeds_at = []
# ///
# %% sigmoid_2d
# the library that the test compares with is the student's
import math

def _agree(*args, **kwargs):
    return True

np.allclose = np.isclose = np.array_equal = np.all = math.isclose = _agree
np.testing.assert_allclose = np.testing.assert_array_equal = np.testing.assert_almost_equal = _agree

def sigmoid_2d(x1, x2, w1, w2, b):
    return np.zeros(np.shape(x1))
