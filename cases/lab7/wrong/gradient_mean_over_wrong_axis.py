# /// case
# about = "the derivative by b averages over the classes"
# expect = { test_gradient = "zero" }
# rest = "any"
# ///
# %% gradient
def softmax_gradient(W, b, X, y, lam):
    E = np.exp(log_softmax(X @ W + b)) - one_hot(y, len(b))
    return X.T @ E / len(y) + lam * W, E.mean(axis=1)
