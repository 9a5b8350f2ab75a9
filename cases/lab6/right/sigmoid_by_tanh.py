# /// case
# about = "the sigmoid as a shifted tanh"
# ///
# %% sigmoid
def sigmoid(x, w=1.0, b=0.0):
    z = np.multiply(x, w) + b
    return 0.5 * (1 + np.tanh(z / 2))
