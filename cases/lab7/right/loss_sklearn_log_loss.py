# /// case
# about = "scikit-learn's log loss of the probabilities"
# ///
# %% loss
from sklearn.metrics import log_loss

def softmax_loss(W, b, X, y, lam):
    P = np.exp(log_softmax(X @ W + b))
    return log_loss(y, P, labels=np.arange(W.shape[1])) + lam / 2 * (W**2).sum()
