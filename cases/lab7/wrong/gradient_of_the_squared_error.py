# /// case
# about = "the derivative of the squared error"
# expect = { test_gradient = "zero" }
# rest = "any"
# ///
# %% gradient
def softmax_gradient(W, b, X, y, lam):
    P = np.exp(log_softmax(X @ W + b))
    E = P * (P - one_hot(y, len(b)))
    return X.T @ E / len(y) + lam * W, E.mean(axis=0)
