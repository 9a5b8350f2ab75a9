# /// case
# about = "0 times inf: both branches are computed and blended"
# expect = { test_sigmoid_extreme = "zero" }
# rest = "any"
# ///
# %% sigmoid
def sigmoid(x, w=1.0, b=0.0):
    z = w * np.asarray(x, dtype=float) + b
    positive = (z >= 0).astype(float)
    return positive / (1 + np.exp(-z)) + (1 - positive) * np.exp(z) / (1 + np.exp(z))
