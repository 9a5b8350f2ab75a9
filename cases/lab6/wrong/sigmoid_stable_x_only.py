# /// case
# about = "the branches are chosen by x and not by w x + b"
# expect = { test_sigmoid_extreme = "zero" }
# rest = "any"
# ///
# %% sigmoid
def sigmoid(x, w=1.0, b=0.0):
    x = np.asarray(x)
    z = w * x + b
    e1, e2 = np.exp(-z), np.exp(z)
    return np.where(x < 500, e2 / (1 + e2), 1 / (1 + e1))
