# /// case
# about = "a list comes back as a list, by recursion"
# ///
# %% sigmoid
def sigmoid(x, w=1.0, b=0.0):
    if isinstance(x, (list, tuple)):
        return [sigmoid(v, w, b) for v in x]
    return np.exp(-np.logaddexp(0, -(w * x + b)))
