# /// case
# about = "the value kept inside [5e-6, 1 - 5e-6], as before a logarithm"
# expect = { test_sigmoid_extreme = "zero" }
# rest = "any"
# ///
# %% sigmoid
def sigmoid(x, w=1.0, b=0.0):
    p = 0.5 * (1 + np.tanh((w * np.asarray(x, dtype=float) + b) / 2))
    return np.clip(p, 5e-6, 1 - 5e-6)
