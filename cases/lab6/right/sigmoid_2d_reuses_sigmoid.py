# /// case
# about = "the one-dimensional sigmoid of the weighted sum, weight 1"
# ///
# %% sigmoid_2d
def sigmoid_2d(x1, x2, w1, w2, b):
    return sigmoid(w1 * np.asarray(x1) + w2 * np.asarray(x2), w=1, b=b)
