# /// case
# about = "plain gradient descent on the mean loss, a hundred small steps"
# expect = { test_fit_course_data = "zero", test_fit_unseen_data = "zero", test_fit_intercept = "zero" }
# rest = "any"
# ///
# %% fit
def fit_logistic(X, y, C=1.0):
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(100):
        p = 0.5 * (1 + np.tanh((X @ w + b) / 2))
        w = w - 0.1 * (w / (C * len(y)) + X.T @ (p - y) / len(y))
        b = b - 0.1 * (p - y).mean()
    return w, b
