# /// case
# about = "no intercepts"
# expect = { test_fit_unseen = "zero" }
# rest = "any"
# kind = "near"
# ///
# %% fit
def fit_softmax(X, y, classes, lam):
    d = X.shape[1]
    zero = np.zeros(classes)
    def both(t):
        W = t.reshape(d, classes)
        return softmax_loss(W, zero, X, y, lam), softmax_gradient(W, zero, X, y, lam)[0].ravel()
    return minimize(both, np.zeros(d * classes), jac=True, method="L-BFGS-B").x.reshape(d, classes), zero
