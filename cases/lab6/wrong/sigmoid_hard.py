# /// case
# about = "the piecewise linear imitation"
# expect = { test_sigmoid_values = "zero" }
# rest = "any"
# ///
# %% sigmoid
def sigmoid(x, w=1.0, b=0.0):
    return np.clip(0.5 + (w * np.asarray(x) + b) / 4, 0, 1)
