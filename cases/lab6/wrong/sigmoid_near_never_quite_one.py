# /// case
# about = "capped at 1 - 2e-6"
# expect = { test_sigmoid_extreme = "zero" }
# rest = "any"
# kind = "near"
# ///
# %% sigmoid
def sigmoid(x, w=1.0, b=0.0):
    z = w * np.asarray(x, dtype=float) + b
    return np.minimum(0.5 * (1 + np.tanh(z / 2)), 1 - 2e-6)
