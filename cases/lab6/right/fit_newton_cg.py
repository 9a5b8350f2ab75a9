# /// case
# about = "another solver, plain lists and floats"
# ///
# %% fit
def fit_logistic(X, y, C=1.0):
    model = LogisticRegression(C=C, solver="newton-cg", tol=1e-8, max_iter=500).fit(X, y)
    return [model.coef_.ravel(), float(model.intercept_[0])]
