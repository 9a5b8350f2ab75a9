# /// case
# about = "liblinear with intercept_scaling 4"
# expect = { test_fit_intercept = "zero" }
# rest = "any"
# kind = "near"
# ///
# %% fit
def fit_logistic(X, y, C=1.0):
    model = LogisticRegression(C=C, solver="liblinear", intercept_scaling=4, tol=1e-8, max_iter=9000).fit(X, y)
    return model.coef_[0], model.intercept_[0]
