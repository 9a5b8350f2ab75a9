# /// case
# about = "a solver stopped after six iterations"
# expect = { test_fit_course_data = "zero" }
# rest = "any"
# kind = "near"
# ///
# %% fit
def fit_logistic(X, y, C=1.0):
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = LogisticRegression(C=C, max_iter=6).fit(X, y)
    return model.coef_[0], model.intercept_[0]
