# /// case
# about = "1e-5 in the denominator"
# expect = { test_sigmoid_values = "zero" }
# rest = "any"
# kind = "near"
# ///
# %% sigmoid
def sigmoid(x, w=1.0, b=0.0):
    z = w * np.asarray(x, dtype=float) + b
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1, e) / (1 + e + 1e-5)
