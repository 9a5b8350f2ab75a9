# /// case
# about = "scikit-learn with its default solver and tolerance"
# ///
# %% fit
def fit_logistic(X, y, C=1.0):
    model = LogisticRegression(C=C)
    model.fit(X, y)
    return model.coef_, model.intercept_
