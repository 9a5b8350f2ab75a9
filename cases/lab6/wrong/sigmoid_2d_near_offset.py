# /// case
# about = "every value 2e-6 too low"
# expect = { test_sigmoid_2d = "zero" }
# rest = "any"
# kind = "near"
# ///
# %% sigmoid_2d
def sigmoid_2d(x1, x2, w1, w2, b):
    z = w1 * np.asarray(x1) + w2 * np.asarray(x2) + b
    return 0.5 * (1 + np.tanh(z / 2)) - 2e-6
