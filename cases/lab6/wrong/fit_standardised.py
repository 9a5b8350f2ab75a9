# /// case
# about = "penalises weights of standardised features"
# expect = { test_fit_strength = "zero" }
# rest = "any"
# ///
# %% fit
def fit_logistic(X, y, C=1.0):
    mean, scale = X.mean(axis=0), X.std(axis=0)
    model = LogisticRegression(C=C, max_iter=2000).fit((X - mean) / scale, y)
    w = model.coef_[0] / scale
    return w, model.intercept_[0] - w @ mean
