# /// case
# about = "central differences of the loss"
# ///
# %% gradient
def softmax_gradient(W, b, X, y, lam):
    def difference(parameter, loss, eps=1e-5):
        g = np.zeros_like(parameter)
        for i in np.ndindex(parameter.shape):
            E = np.zeros_like(parameter)
            E[i] = eps
            g[i] = (loss(parameter + E) - loss(parameter - E)) / (2 * eps)
        return g
    return difference(W, lambda V: softmax_loss(V, b, X, y, lam)), difference(b, lambda c: softmax_loss(W, c, X, y, lam))
# %% fit
from sklearn.linear_model import LogisticRegression

def fit_softmax(X, y, classes, lam):
    if classes == 2:
        m = LogisticRegression(C=2 / (lam * len(y)), max_iter=1000).fit(X, y)
        return np.c_[-m.coef_[0], m.coef_[0]] / 2, np.array([-m.intercept_[0], m.intercept_[0]]) / 2
    m = LogisticRegression(C=1 / (lam * len(y)), max_iter=1000).fit(X, y)
    return m.coef_.T, m.intercept_
