# /// case
# about = "one taken from the probability of the right class"
# ///
# %% gradient
def softmax_gradient(W, b, X, y, lam):
    n = len(X)
    P = np.exp(log_softmax(X.dot(W) + b))
    P[range(n), y] -= 1
    P /= n
    return X.T.dot(P) + lam * W, P.sum(axis=0)
