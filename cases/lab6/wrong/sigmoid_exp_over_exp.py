# /// case
# about = "exp(z) / (1 + exp(z)) is NaN for large z"
# expect = { test_sigmoid_extreme = "zero" }
# rest = "any"
# ///
# %% sigmoid
def sigmoid(x, w=1.0, b=0.0):
    e = np.exp(w * np.asarray(x, dtype=float) + b)
    return e / (1 + e)
