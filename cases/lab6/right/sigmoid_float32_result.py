# /// case
# about = "the last step in single precision, an error of 6e-8"
# ///
# %% sigmoid
def sigmoid(x, w=1.0, b=0.0):
    z = w * np.asarray(x, dtype=np.float64) + b
    return (0.5 + 0.5 * np.tanh(0.5 * z)).astype(np.float32)
