# /// case
# about = "accelerated gradient descent with a step from the largest eigenvalue, restarted"
# ///
# %% fit
def fit_logistic(X, y, C=1.0):
    mean = X.mean(axis=0)
    A = np.column_stack([X - mean, np.ones(len(X))])
    keep = np.r_[np.ones(X.shape[1]), 0.0]
    step = 1 / (1 + C * np.linalg.norm(A, 2) ** 2 / 4)
    theta = previous = np.zeros(A.shape[1])
    momentum = 1.0
    for _ in range(20000):
        following = (1 + np.sqrt(1 + 4 * momentum**2)) / 2
        point = theta + (momentum - 1) / following * (theta - previous)
        gradient = keep * point + C * A.T @ (0.5 * (1 + np.tanh(A @ point / 2)) - y)
        new = point - step * gradient
        if gradient @ (new - theta) > 0:
            following = 1.0
        previous, theta, momentum = theta, new, following
        if np.abs(gradient).max() < 1e-7 * max(1, C):
            break
    return theta[:-1], theta[-1] - mean @ theta[:-1]
