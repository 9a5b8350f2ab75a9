# /// case
# about = "b 3e-5 too large"
# expect = { test_sigmoid_2d = "zero" }
# rest = "any"
# kind = "near"
# ///
# %% sigmoid_2d
def sigmoid_2d(x1, x2, w1, w2, b):
    z = w1 * np.asarray(x1) + w2 * np.asarray(x2) + b + 3e-5
    return 0.5 * (1 + np.tanh(z / 2))
