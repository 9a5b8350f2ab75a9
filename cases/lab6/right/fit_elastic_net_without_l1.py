# /// case
# about = "sag on centred data with a small tolerance"
# ///
# %% fit
def fit_logistic(X, y, C=1.0):
    centre = X.mean(axis=0)
    model = LogisticRegression(C=C, solver="sag", tol=1e-7, max_iter=20000, random_state=0).fit(X - centre, y)
    w = model.coef_[0]
    return w, model.intercept_ - w @ centre
