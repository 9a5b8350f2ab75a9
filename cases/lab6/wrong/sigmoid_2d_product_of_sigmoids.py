# /// case
# about = "the product of two one-dimensional sigmoids"
# expect = { test_sigmoid_2d = "zero" }
# rest = "any"
# ///
# %% sigmoid_2d
def sigmoid_2d(x1, x2, w1, w2, b):
    return 1 / (1 + np.exp(-w1 * np.asarray(x1) - b)) * 1 / (1 + np.exp(-w2 * np.asarray(x2)))
