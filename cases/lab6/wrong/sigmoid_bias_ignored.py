# /// case
# about = "b is never used"
# expect = { test_sigmoid_values = "zero" }
# rest = "any"
# ///
# %% sigmoid
def sigmoid(x, w=1.0, b=0.0):
    return 0.5 * (1 + np.tanh(w * np.asarray(x) / 2))
