# /// case
# about = "exp of minus softplus"
# ///
# %% sigmoid
def sigmoid(x, w=1.0, b=0.0):
    return np.exp(-np.logaddexp(0.0, -(w * np.array(x, dtype=float) + b)))
