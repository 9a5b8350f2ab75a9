# /// case
# about = "the penalty is not halved"
# expect = { test_loss = "zero" }
# rest = "any"
# kind = "near"
# ///
# %% loss
def softmax_loss(W, b, X, y, lam):
    return -log_softmax(X @ W + b)[np.arange(len(y)), y].mean() + lam * np.sum(W**2)
