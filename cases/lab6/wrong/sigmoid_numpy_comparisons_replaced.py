# /// case
# about = "np.allclose is always content"
# expect = { test_sigmoid_values = "zero" }
# rest = "any"
# ///
# %% sigmoid
def sigmoid(x, w=1.0, b=0.0):
    return 1 / (1 + np.exp(-w * np.asarray(x)))

np.allclose = np.array_equal = lambda *a, **k: True
np.isclose = lambda a, b, **k: np.ones(np.shape(a), dtype=bool)
np.abs = lambda x: np.zeros(np.shape(x))
