# /// case
# about = "the estimator in place of its numbers"
# expect = { test_fit_course_data = "zero", test_fit_unseen_data = "zero", test_fit_strength = "zero", test_fit_intercept = "zero" }
# rest = "any"
# ///
# %% fit
def fit_logistic(X, y, C=1.0):
    return LogisticRegression(C=C, max_iter=2000).fit(X, y)
