# /// case
# about = "the square of C"
# expect = { test_fit_strength = "zero", test_fit_course_data = "full" }
# rest = "any"
# ///
# %% fit
def fit_logistic(X, y, C=1.0):
    model = LogisticRegression(C=C**2, max_iter=5000).fit(X, y)
    return model.coef_[0], model.intercept_[0]
