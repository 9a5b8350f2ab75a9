# /// case
# about = "the two classes exchanged"
# expect = { test_fit_course_data = "zero", test_fit_unseen_data = "zero", test_fit_strength = "zero", test_fit_intercept = "zero" }
# rest = "any"
# ///
# %% fit
def fit_logistic(X, y, C=1.0):
    model = LogisticRegression(C=C, max_iter=2000).fit(X, 1 - y)
    return model.coef_[0], model.intercept_[0]
