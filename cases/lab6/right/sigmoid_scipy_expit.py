# /// case
# about = "scipy's expit, which comes with scikit-learn"
# ///
# %% sigmoid
from scipy.special import expit

def sigmoid(x, w=1.0, b=0.0):
    return expit(np.asarray(x) * w + b)
