# /// case
# about = "every value 2e-6 too low"
# expect = { test_sigmoid_values = "zero", test_sigmoid_extreme = "zero" }
# rest = "any"
# kind = "near"
# ///
# %% sigmoid
def sigmoid(x, w=1.0, b=0.0):
    z = w * np.asarray(x, dtype=float) + b
    return 0.5 * (1 + np.tanh(z / 2)) - 2e-6
