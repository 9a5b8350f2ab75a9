# /// case
# about = "clipping the exponent at 30 is far within the tolerance"
# ///
# %% sigmoid
def sigmoid(x, w=1.0, b=0.0):
    z = np.clip(w * np.asarray(x, dtype=np.float64) + b, -30, 30)
    return np.exp(z) / (np.exp(z) + 1)
