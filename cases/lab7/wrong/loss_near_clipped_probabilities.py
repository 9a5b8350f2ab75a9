# /// case
# about = "probabilities kept from 0 by a hundredth"
# expect = { test_loss = "zero" }
# rest = "any"
# kind = "near"
# ///
# %% loss
def softmax_loss(W, b, X, y, lam):
    P = np.maximum(np.exp(log_softmax(X @ W + b)), 1e-2)
    return -np.log(P[np.arange(len(y)), y]).mean() + lam / 2 * np.sum(W**2)
