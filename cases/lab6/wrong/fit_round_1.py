# /// case
# about = "rounded to one decimal"
# expect = { test_fit_strength = "zero" }
# rest = "any"
# ///
# %% fit
def fit_logistic(X, y, C=1.0):
    m = LogisticRegression(C=C, tol=1e-8).fit(X, y)
    return np.round(m.coef_[0], 1), np.round(m.intercept_[0], 1)
