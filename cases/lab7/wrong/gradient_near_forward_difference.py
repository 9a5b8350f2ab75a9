# /// case
# about = "a coarse one-sided difference"
# expect = { test_gradient = "zero" }
# rest = "any"
# kind = "near"
# ///
# %% gradient
def softmax_gradient(W, b, X, y, lam):
    here, e = softmax_loss(W, b, X, y, lam), 1e-3
    dW, db = np.zeros_like(W), np.zeros_like(b)
    for i in np.ndindex(W.shape):
        V = W.copy(); V[i] += e
        dW[i] = (softmax_loss(V, b, X, y, lam) - here) / e
    for j in range(len(b)):
        c = b.copy(); c[j] += e
        db[j] = (softmax_loss(W, c, X, y, lam) - here) / e
    return dW, db
