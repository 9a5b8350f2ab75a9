# /// case
# about = "another solver; the intercept as a 0-d array"
# ///
# %% fit
def fit_logistic(X, y, C=1.0):
    model = LogisticRegression(C=C, solver="newton-cholesky").fit(X, y)
    return model.coef_[0], np.array(model.intercept_[0])
