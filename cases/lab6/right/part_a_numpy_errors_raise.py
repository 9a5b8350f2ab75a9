# /// case
# about = "numpy's floating-point errors raise from the first cell on"
# ///
# %% sigmoid
np.seterr(over="raise", divide="raise", invalid="raise")

def sigmoid(x, w=1.0, b=0.0):
    return 1 / (1 + np.exp(-np.clip(w * np.asarray(x) + b, -300, 300)))
