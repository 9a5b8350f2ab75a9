# /// case
# about = "one class as the base of the intercepts; scipy's BFGS with the gradient"
# ///
# %% fit
def fit_softmax(X, y, classes, lam):
    d = X.shape[1]
    def both(theta):
        W, b = theta[: d * classes].reshape(d, classes), np.append(theta[d * classes :], 0.0)
        dW, db = softmax_gradient(W, b, X, y, lam)
        return softmax_loss(W, b, X, y, lam), np.append(dW.ravel(), db[:-1])
    t = minimize(both, np.zeros(d * classes + classes - 1), jac=True, method="BFGS").x
    return t[: d * classes].reshape(d, classes), np.append(t[d * classes :], 0.0) + 3.0
