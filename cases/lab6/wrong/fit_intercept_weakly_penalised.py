# /// case
# about = "liblinear with intercept_scaling 2: a quarter of the penalty is left"
# expect = { test_fit_intercept = "zero" }
# rest = "any"
# ///
# %% fit
def fit_logistic(X, y, C=1.0):
    model = LogisticRegression(C=C, solver="liblinear", intercept_scaling=2, tol=1e-8, max_iter=5000).fit(X, y)
    return model.coef_[0], model.intercept_[0]
