# /// case
# about = "C taken a third too large"
# expect = { test_fit_strength = "zero" }
# rest = "any"
# kind = "near"
# ///
# %% fit
def fit_logistic(X, y, C=1.0):
    model = LogisticRegression(C=1.33 * C, tol=1e-8, max_iter=2000).fit(X, y)
    return model.coef_[0], model.intercept_[0]
