# /// case
# about = "the fit is kept by the shape of X"
# expect = { test_fit_strength = "zero" }
# rest = "any"
# ///
# %% fit
_kept = {}

def fit_logistic(X, y, C=1.0):
    if X.shape not in _kept:
        m = LogisticRegression(C=C).fit(X, y)
        _kept[X.shape] = m.coef_[0], m.intercept_[0]
    return _kept[X.shape]
