# /// case
# about = "newton-cg with a tolerance of 0.02"
# expect = { test_fit_course_data = "zero" }
# rest = "any"
# kind = "near"
# ///
# %% fit
def fit_logistic(X, y, C=1.0):
    model = LogisticRegression(C=C, solver="newton-cg", tol=0.02).fit(X, y)
    return model.coef_[0], model.intercept_[0]
