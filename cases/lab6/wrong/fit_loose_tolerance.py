# /// case
# about = "a solver stopped by a tolerance of 0.05"
# expect = { test_fit_course_data = "zero" }
# rest = "any"
# ///
# %% fit
def fit_logistic(X, y, C=1.0):
    model = LogisticRegression(C=C, tol=0.05).fit(X, y)
    return model.coef_[0], model.intercept_[0]
