# /// case
# about = "iteratively reweighted least squares"
# ///
# %% fit
def fit_logistic(X, y, C=1.0):
    n, d = X.shape
    mean = X.mean(0)
    A = np.hstack([X - mean, np.ones((n, 1))])
    ridge = np.eye(d + 1) / C
    ridge[d, d] = 0
    theta = np.zeros(d + 1)
    for _ in range(60):
        eta = A @ theta
        p = 1 / (1 + np.exp(-eta))
        weight = np.maximum(p * (1 - p), 1e-10)
        target = eta + (y - p) / weight
        new = np.linalg.solve(A.T @ (A * weight[:, None]) + ridge, A.T @ (weight * target))
        if np.abs(new - theta).max() < 1e-10:
            theta = new
            break
        theta = new
    w = theta[:d]
    return w, float(theta[d] - mean @ w)
