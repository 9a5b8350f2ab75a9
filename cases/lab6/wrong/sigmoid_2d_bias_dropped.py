# /// case
# about = "b is left out"
# expect = { test_sigmoid_2d = "zero" }
# rest = "any"
# ///
# %% sigmoid_2d
def sigmoid_2d(x1, x2, w1, w2, b):
    return 0.5 * (1 + np.tanh((w1 * np.asarray(x1) + w2 * np.asarray(x2)) / 2))
