# /// case
# about = "the sum over the rows"
# expect = { test_loss = "zero" }
# rest = "any"
# ///
# %% loss
def softmax_loss(W, b, X, y, lam):
    return -log_softmax(X @ W + b)[np.arange(len(y)), y].sum() + lam / 2 * np.sum(W**2)
