# /// case
# about = "the intercept 0.05 too low: 0.0125 in probability"
# expect = { test_fit_course_data = "zero", test_fit_unseen_data = "zero", test_fit_intercept = "zero" }
# rest = "any"
# kind = "near"
# ///
# %% fit
def fit_logistic(X, y, C=1.0):
    model = LogisticRegression(C=C, tol=1e-8, max_iter=2000).fit(X, y)
    return model.coef_[0], model.intercept_[0] - 0.05
