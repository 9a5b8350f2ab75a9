# /// case
# about = "six iterations"
# expect = { test_fit_unseen = "zero" }
# rest = "any"
# kind = "near"
# ///
# %% fit
def fit_softmax(X, y, classes, lam):
    d = X.shape[1]
    def both(t):
        W, b = t[: d * classes].reshape(d, classes), t[d * classes :]
        dW, db = softmax_gradient(W, b, X, y, lam)
        return softmax_loss(W, b, X, y, lam), np.r_[dW.ravel(), db]
    t = minimize(both, np.zeros((d + 1) * classes), jac=True, method="L-BFGS-B", options={"maxiter": 6}).x
    return t[: d * classes].reshape(d, classes), t[d * classes :]
