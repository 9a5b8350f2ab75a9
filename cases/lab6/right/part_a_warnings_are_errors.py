# /// case
# about = "warnings are errors from the first cell on"
# ///
# %% sigmoid
import warnings
warnings.simplefilter("error")

def sigmoid(x, w=1.0, b=0.0):
    return 1 / (1 + np.exp(-np.clip(w * np.asarray(x) + b, -300, 300)))
