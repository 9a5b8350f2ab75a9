# /// case
# about = "the Gaussian formula for the weights, which only approaches the optimum"
# expect = { test_fit_unseen_data = "zero", test_fit_strength = "zero" }
# rest = "any"
# ///
# %% fit
def fit_logistic(X, y, C=1.0):
    first, second = X[y == 0], X[y == 1]
    within = ((first - first.mean(0)).T @ (first - first.mean(0)) + (second - second.mean(0)).T @ (second - second.mean(0))) / (len(X) - 2)
    w = np.linalg.solve(np.atleast_2d(within), second.mean(0) - first.mean(0))
    b = np.log(len(second) / len(first)) - w @ (first.mean(0) + second.mean(0)) / 2
    return w, b
