# /// case
# about = "the mean over rows and classes"
# expect = { test_loss = "zero" }
# rest = "any"
# ///
# %% loss
def softmax_loss(W, b, X, y, lam):
    return -np.mean(one_hot(y, len(b)) * log_softmax(X @ W + b)) + lam / 2 * np.sum(W**2)
