# /// case
# about = "a number comes back as an array of shape (1,)"
# expect = { test_sigmoid_values = "zero" }
# rest = "any"
# ///
# %% sigmoid
def sigmoid(x, w=1.0, b=0.0):
    z = w * np.atleast_1d(np.asarray(x, dtype=float)) + b
    return 0.5 * (1 + np.tanh(z / 2))
