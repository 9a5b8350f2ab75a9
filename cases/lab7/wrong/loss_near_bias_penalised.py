# /// case
# about = "intercepts are penalised too"
# expect = { test_loss = "zero" }
# rest = "any"
# kind = "near"
# ///
# %% loss
def softmax_loss(W, b, X, y, lam):
    return -log_softmax(X @ W + b)[np.arange(len(y)), y].mean() + lam / 2 * (np.sum(W**2) + np.sum(b**2))
