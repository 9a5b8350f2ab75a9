# /// case
# about = "the weighted sum 3e-5 too large: up to 7.5e-6 off"
# expect = { test_sigmoid_values = "zero" }
# rest = "any"
# kind = "near"
# ///
# %% sigmoid
def sigmoid(x, w=1.0, b=0.0):
    z = w * np.asarray(x, dtype=float) + b
    return 0.5 * (1 + np.tanh((z + 3e-5) / 2))
