# /// case
# about = "the plain maximum likelihood fit"
# expect = { test_fit_strength = "zero" }
# rest = "any"
# ///
# %% fit
def fit_logistic(X, y, C=1.0):
    model = LogisticRegression(C=1e8, tol=1e-6, max_iter=5000).fit(X, y)
    return model.coef_[0], model.intercept_[0]
