# /// case
# about = "plain gradient descent with a rate by the largest curvature, and momentum"
# ///
# %% fit
def fit_softmax(X, y, classes, lam):
    W, b = np.zeros((X.shape[1], classes)), np.zeros(classes)
    rows = np.c_[X, np.ones(len(X))]
    rate = 1 / (0.5 * np.linalg.eigvalsh(rows.T @ rows / len(X)).max() + lam)
    VW, Vb = W.copy(), b.copy()
    for _ in range(3000):
        dW, db = softmax_gradient(W, b, X, y, lam)
        VW, Vb = 0.9 * VW - rate * dW, 0.9 * Vb - rate * db
        W, b = W + VW, b + Vb
        if max(np.abs(dW).max(), np.abs(db).max()) < 1e-6:
            break
    return W, b
