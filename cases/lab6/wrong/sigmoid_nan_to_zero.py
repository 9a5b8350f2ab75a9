# /// case
# about = "NaN replaced by zero, on the side where one is right"
# expect = { test_sigmoid_extreme = "zero" }
# rest = "any"
# ///
# %% sigmoid
def sigmoid(x, w=1.0, b=0.0):
    e = np.exp(w * np.asarray(x, dtype=float) + b)
    return np.nan_to_num(e / (1 + e), nan=0.0)
