# /// case
# about = "every x1 with every x2"
# expect = { test_sigmoid_2d = "zero" }
# rest = "any"
# ///
# %% sigmoid_2d
def sigmoid_2d(x1, x2, w1, w2, b):
    z = np.add.outer(w1 * np.asarray(x1), w2 * np.asarray(x2)) + b
    return 0.5 * (1 + np.tanh(z / 2))
