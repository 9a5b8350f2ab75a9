# /// case
# about = "the plain formula on arrays"
# ///
# %% sigmoid_2d
def sigmoid_2d(x1, x2, w1, w2, b):
    z = np.asarray(x1) * w1 + np.asarray(x2) * w2 + b
    return 1 / (1 + np.exp(-z))
