# /// case
# about = "the boundary forced through the mean of the data, right for equal classes only"
# expect = { test_fit_unseen_data = "zero" }
# rest = "any"
# ///
# %% fit
def fit_logistic(X, y, C=1.0):
    centre = X.mean(axis=0)
    model = LogisticRegression(C=C, fit_intercept=False, max_iter=2000).fit(X - centre, y)
    return model.coef_[0], -model.coef_[0] @ centre
