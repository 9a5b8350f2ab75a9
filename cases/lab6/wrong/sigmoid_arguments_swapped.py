# /// case
# about = "the order of w and b is exchanged"
# expect = { test_sigmoid_values = "zero" }
# rest = "any"
# ///
# %% sigmoid
def sigmoid(x, b=0.0, w=1.0):
    return 0.5 * (1 + np.tanh((w * np.asarray(x) + b) / 2))
