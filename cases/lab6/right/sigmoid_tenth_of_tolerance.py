# /// case
# about = "every value 1e-7 too high, a tenth of the tolerance"
# ///
# %% sigmoid
def sigmoid(x, w=1.0, b=0.0):
    z = w * np.asarray(x, dtype=float) + b
    return 0.5 * (1 + np.tanh(z / 2)) + 1e-7
