# /// case
# about = "no intercept at all"
# expect = { test_fit_course_data = "zero", test_fit_unseen_data = "zero", test_fit_intercept = "zero" }
# rest = "any"
# ///
# %% fit
def fit_logistic(X, y, C=1.0):
    model = LogisticRegression(C=C, fit_intercept=False, max_iter=2000).fit(X, y)
    return model.coef_[0], 0.0
