# /// case
# about = "an array of any shape comes back flat"
# expect = { test_sigmoid_values = "zero" }
# rest = "any"
# ///
# %% sigmoid
def sigmoid(x, w=1.0, b=0.0):
    z = w * np.asarray(x, dtype=float) + b
    return 0.5 * (1 + np.tanh(z.ravel() / 2)) if z.ndim else 0.5 * (1 + np.tanh(z / 2))
