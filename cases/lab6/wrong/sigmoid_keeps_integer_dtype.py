# /// case
# about = "integer input is filled into an integer array"
# expect = { test_sigmoid_values = "zero" }
# rest = "any"
# ///
# %% sigmoid
def sigmoid(x, w=1.0, b=0.0):
    x = np.asarray(x)
    out = np.empty_like(x)
    out[...] = 0.5 * (1 + np.tanh((w * x + b) / 2))
    return out
