# /// case
# about = "own Newton with a ridge on every parameter"
# expect = { test_fit_intercept = "zero", test_fit_course_data = "zero" }
# rest = "any"
# ///
# %% fit
def fit_logistic(X, y, C=1.0):
    A = np.c_[X, np.ones(len(X))]
    theta = np.zeros(A.shape[1])
    for _ in range(200):
        p = 0.5 * (1 + np.tanh(A @ theta / 2))
        gradient = theta + C * A.T @ (p - y)
        hessian = np.eye(len(theta)) + C * (A.T * np.maximum(p * (1 - p), 1e-3)) @ A
        theta = theta - np.linalg.solve(hessian, gradient)
        if np.abs(gradient).max() < 1e-9:
            break
    return theta[:-1], theta[-1]
