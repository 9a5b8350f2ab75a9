# /// case
# about = "the norm, not its square"
# expect = { test_loss = "zero" }
# rest = "any"
# kind = "near"
# ///
# %% loss
def softmax_loss(W, b, X, y, lam):
    return -log_softmax(X @ W + b)[np.arange(len(y)), y].mean() + lam / 2 * np.linalg.norm(W)
