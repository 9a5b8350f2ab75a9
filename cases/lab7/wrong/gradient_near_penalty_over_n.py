# /// case
# about = "the penalty is divided by the number of rows"
# expect = { test_gradient = "zero" }
# rest = "any"
# kind = "near"
# ///
# %% gradient
def softmax_gradient(W, b, X, y, lam):
    E = np.exp(log_softmax(X @ W + b)) - one_hot(y, len(b))
    return (X.T @ E + lam * W) / len(y), E.mean(axis=0)
