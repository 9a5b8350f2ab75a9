# /// case
# about = "half precision, errors of a few 1e-4"
# expect = { test_sigmoid_values = "zero" }
# rest = "any"
# ///
# %% sigmoid
def sigmoid(x, w=1.0, b=0.0):
    z = w * np.asarray(x, dtype=float) + b
    return (0.5 * (1 + np.tanh(z / 2))).astype(np.float16).astype(float)
