# /// case
# about = "a single precision start, finished by Newton steps in double precision"
# ///
# %% fit
def fit_logistic(X, y, C=1.0):
    start = LogisticRegression(C=C, max_iter=1000).fit(X.astype(np.float32), y)
    centre = X.mean(axis=0)
    A = np.c_[X - centre, np.ones(len(X))]
    theta = np.append(start.coef_[0], start.intercept_[0] + start.coef_[0] @ centre).astype(float)
    ridge = np.diag(np.r_[np.ones(X.shape[1]), 0.0])
    for _ in range(5):
        p = 0.5 * (1 + np.tanh(A @ theta / 2))
        theta = theta - np.linalg.solve(ridge + C * (A.T * (p * (1 - p))) @ A, ridge @ theta + C * A.T @ (p - y))
    return theta[:-1], theta[-1] - theta[:-1] @ centre
