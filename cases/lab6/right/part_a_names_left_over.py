# /// case
# about = "names as the tests might use them, left behind at the top"
# ///
# %% sigmoid
def sigmoid(x, w=1.0, b=0.0):
    return 1 / (1 + np.exp(-(w * np.asarray(x) + b)))

x = expected = result = got = want = value = rng = rs_ = None
w, b, C, d, n, theta, z, p, i, j, k = range(11)
f = t = e = g = m = a = c = msg = tol = out = "left over"
# %% fit
def fit_logistic(X, y, C=1.0):
    m = LogisticRegression(C=C).fit(X, y)
    return m.coef_[0], m.intercept_[0]

w, b = fit_logistic(X, y)
check = test = reference = minimum = best = objective = data = case = means = None
