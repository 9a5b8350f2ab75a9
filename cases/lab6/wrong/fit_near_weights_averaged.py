# /// case
# about = "each weight moved a fifth of the way to their mean"
# expect = { test_fit_unseen_data = "zero" }
# rest = "any"
# kind = "near"
# ///
# %% fit
def fit_logistic(X, y, C=1.0):
    model = LogisticRegression(C=C, tol=1e-8, max_iter=2000).fit(X, y)
    w = model.coef_[0]
    return 0.8 * w + 0.2 * w.mean(), model.intercept_[0]
