# /// case
# about = "the intercepts are left out of the scores"
# expect = { test_loss = "zero" }
# rest = "any"
# ///
# %% loss
def softmax_loss(W, b, X, y, lam):
    return -log_softmax(X @ W)[np.arange(len(y)), y].mean() + lam / 2 * np.sum(W**2)
