# /// case
# about = "outer products row by row"
# ///
# %% gradient
def softmax_gradient(W, b, X, y, lam):
    dW, db = lam * W, np.zeros(len(b))
    for x, label in zip(X, y):
        p = np.exp(log_softmax((x @ W + b)[None, :]))[0]
        p[label] -= 1
        dW = dW + np.outer(x, p) / len(X)
        db += p / len(X)
    return dW, db
