# /// case
# about = "the value as a string"
# expect = { test_sigmoid_values = "zero", test_sigmoid_extreme = "zero" }
# rest = "any"
# ///
# %% sigmoid
def sigmoid(x, w=1.0, b=0.0):
    return str(0.5 * (1 + np.tanh((w * np.asarray(x) + b) / 2)))
