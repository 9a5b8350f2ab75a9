# /// case
# about = "liblinear with its defaults penalises the intercept"
# expect = { test_fit_intercept = "zero", test_fit_course_data = "zero" }
# rest = "any"
# ///
# %% fit
def fit_logistic(X, y, C=1.0):
    model = LogisticRegression(C=C, solver="liblinear", tol=1e-8, max_iter=5000).fit(X, y)
    return model.coef_[0], model.intercept_[0]
