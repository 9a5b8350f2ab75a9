# /// case
# about = "fills an array through masks, gives a list back for a list"
# ///
# %% sigmoid
def sigmoid(x, w=1.0, b=0.0):
    z = w * np.atleast_1d(np.asarray(x, dtype=float)) + b
    out = np.empty_like(z)
    positive = z > 0
    out[positive] = 1 / (1 + np.exp(-z[positive]))
    out[~positive] = np.exp(z[~positive]) / (1 + np.exp(z[~positive]))
    out = out.reshape(np.shape(x))
    return out.tolist() if isinstance(x, list) else out
