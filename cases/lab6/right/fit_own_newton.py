# /// case
# about = "Newton's method with step halving"
# ///
# %% fit
def _objective(theta, A, s, C):
    return 0.5 * theta[:-1] @ theta[:-1] + C * np.logaddexp(0, -s * (A @ theta)).sum()

def fit_logistic(X, y, C=1.0):
    X = np.asarray(X, dtype=float)
    s = 2 * np.asarray(y) - 1
    centre = X.mean(axis=0)
    A = np.c_[X - centre, np.ones(len(X))]
    penalty = np.diag([1.0] * X.shape[1] + [0.0])
    theta = np.zeros(X.shape[1] + 1)
    for _ in range(100):
        p = 0.5 * (1 + np.tanh(0.5 * (A @ theta)))
        gradient = penalty @ theta + C * A.T @ (p - (s + 1) / 2)
        if np.linalg.norm(gradient) < 1e-8:
            break
        hessian = penalty + C * (A.T * (p * (1 - p))) @ A
        step = np.linalg.solve(hessian, gradient)
        size = 1.0
        while size > 1e-8 and _objective(theta - size * step, A, s, C) > _objective(theta, A, s, C):
            size /= 2
        theta = theta - size * step
    return theta[:-1], theta[-1] - theta[:-1] @ centre
