# /// case
# about = "Newton in w for fixed b and in b for fixed w, by turns, on centred data"
# ///
# %% fit
def _p(z):
    return 0.5 * (1 + np.tanh(z / 2))

def fit_logistic(X, y, C=1.0):
    centre = X.mean(axis=0)
    Z = X - centre
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(3000):
        p = _p(Z @ w + b)
        gradient = w + C * Z.T @ (p - y)
        hessian = np.eye(len(w)) + C * Z.T @ (Z * np.maximum(p * (1 - p), 0.02)[:, None])
        w = w - 0.8 * np.linalg.solve(hessian, gradient)
        p = _p(Z @ w + b)
        change = (p - y).sum() / max((p * (1 - p)).sum(), 0.02 * len(y))
        b = b - change
        if abs(change) < 1e-10 and np.abs(gradient).max() < 1e-8 * max(1, C):
            break
    return (w.reshape(1, -1), np.array([b - w @ centre]))
