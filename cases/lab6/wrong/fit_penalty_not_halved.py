# /// case
# about = "|w|^2 in place of its half"
# expect = { test_fit_strength = "zero" }
# rest = "any"
# ///
# %% fit
def fit_logistic(X, y, C=1.0):
    model = LogisticRegression(C=C / 2, max_iter=2000).fit(X, y)
    return model.coef_[0], model.intercept_[0]
