# /// case
# about = "at least 4e-6"
# expect = { test_sigmoid_extreme = "zero" }
# rest = "any"
# kind = "near"
# ///
# %% sigmoid
def sigmoid(x, w=1.0, b=0.0):
    z = w * np.asarray(x, dtype=float) + b
    return np.maximum(0.5 * (1 + np.tanh(z / 2)), 4e-6)
