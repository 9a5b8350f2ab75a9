# /// case
# about = "C taken a fifth too large"
# expect = { test_fit_strength = "zero" }
# rest = "any"
# ///
# %% fit
def fit_logistic(X, y, C=1.0):
    model = LogisticRegression(C=1.2 * C, max_iter=2000, tol=1e-7).fit(X, y)
    return model.coef_[0], model.intercept_[0]
