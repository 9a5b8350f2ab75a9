# /// case
# about = "an array of shape (1, 3) comes back as (3,), one of (1,) as a number"
# expect = { test_sigmoid_values = "zero" }
# rest = "any"
# ///
# %% sigmoid
def sigmoid(x, w=1.0, b=0.0):
    return np.squeeze(0.5 * (1 + np.tanh((w * np.asarray(x) + b) / 2)))
