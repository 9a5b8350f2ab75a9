# /// case
# about = "a grid comes back as one long row"
# expect = { test_sigmoid_2d = "zero" }
# rest = "any"
# ///
# %% sigmoid_2d
def sigmoid_2d(x1, x2, w1, w2, b):
    z = w1 * np.ravel(x1) + w2 * np.ravel(x2) + b
    p = 0.5 * (1 + np.tanh(z / 2))
    return p if p.size > 1 else p[0]
