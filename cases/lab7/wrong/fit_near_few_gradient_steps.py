# /// case
# about = "two hundred steps of gradient descent at a tenth"
# expect = { test_fit_unseen = "zero" }
# rest = "any"
# kind = "near"
# ///
# %% fit
def fit_softmax(X, y, classes, lam):
    W, b = np.zeros((X.shape[1], classes)), np.zeros(classes)
    for _ in range(200):
        dW, db = softmax_gradient(W, b, X, y, lam)
        W, b = W - 0.1 * dW, b - 0.1 * db
    return W, b
