# /// case
# about = "stable sigmoid by two branches and np.where"
# ///
# %% sigmoid
def sigmoid(x, w=1.0, b=0.0):
    z = w * np.asarray(x, dtype=float) + b
    small = np.exp(-np.abs(z))
    return np.where(z >= 0, 1 / (1 + small), small / (1 + small))
