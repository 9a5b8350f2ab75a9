# /// case
# about = "rounded to five decimals, off by up to 5e-6"
# expect = { test_sigmoid_values = "zero" }
# rest = "any"
# ///
# %% sigmoid
def sigmoid(x, w=1.0, b=0.0):
    return np.round(0.5 * (1 + np.tanh((w * np.asarray(x, dtype=float) + b) / 2)), 5)
