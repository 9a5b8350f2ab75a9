# /// case
# about = "saga on centred data, the shift taken back"
# ///
# %% fit
def fit_logistic(X, y, C=1.0):
    m = X.mean(axis=0)
    clf = LogisticRegression(C=C, solver="saga", tol=1e-5, max_iter=2000, random_state=0).fit(X - m, y)
    w = clf.coef_[0]
    return w, clf.intercept_[0] - w @ m
