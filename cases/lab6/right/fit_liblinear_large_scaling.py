# /// case
# about = "liblinear penalises the intercept; on centred data and with a huge intercept_scaling that vanishes"
# ///
# %% fit
def fit_logistic(X, y, C=1.0):
    centre = X.mean(axis=0)
    model = LogisticRegression(C=C, solver="liblinear", intercept_scaling=100.0, tol=1e-8, max_iter=5000)
    model.fit(X - centre, y)
    return model.coef_[0], model.intercept_[0] - model.coef_[0] @ centre
