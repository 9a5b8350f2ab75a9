# /// case
# about = "only large negative exponents are caught; the other sign is NaN"
# expect = { test_sigmoid_extreme = "zero" }
# rest = "any"
# ///
# %% sigmoid
def sigmoid(x, w=1.0, b=0.0):
    z = np.maximum(w * np.asarray(x, dtype=float) + b, -500)
    return np.exp(z) / (1 + np.exp(z))
