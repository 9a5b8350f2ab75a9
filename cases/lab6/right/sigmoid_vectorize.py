# /// case
# about = "np.vectorize over a scalar function"
# ///
# %% sigmoid
def sigmoid(x, w=1.0, b=0.0):
    def scalar(value):
        z = w * value + b
        if z < -500:
            return 0.0
        return 1.0 / (1.0 + np.exp(-z))
    return np.vectorize(scalar, otypes=[float])(x)
