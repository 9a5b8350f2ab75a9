# /// case
# about = "a column of ones, whose weights are penalised like the others"
# expect = { test_fit_unseen = "zero" }
# rest = "any"
# ///
# %% fit
def fit_softmax(X, y, classes, lam):
    X1 = np.c_[X, np.ones(len(X))]
    shape = (X1.shape[1], classes)
    def loss(t):
        return softmax_loss(t.reshape(shape), np.zeros(classes), X1, y, lam)
    def gradient(t):
        return softmax_gradient(t.reshape(shape), np.zeros(classes), X1, y, lam)[0].ravel()
    W = minimize(loss, np.zeros(shape).ravel(), jac=gradient).x.reshape(shape)
    return W[:-1], W[-1]
