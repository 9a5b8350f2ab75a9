# /// case
# about = "the derivative of lam |W|^2"
# expect = { test_gradient = "zero" }
# rest = "any"
# kind = "near"
# ///
# %% gradient
def softmax_gradient(W, b, X, y, lam):
    E = np.exp(log_softmax(X @ W + b)) - one_hot(y, len(b))
    return X.T @ E / len(y) + 2 * lam * W, E.mean(axis=0)
