# /// case
# about = "scipy's own"
# ///
# %% log_softmax
from scipy.special import log_softmax as _theirs

def log_softmax(Z):
    return _theirs(Z, axis=1)
