# /// case
# about = "C below 0.01 is raised to 0.01"
# expect = { test_fit_strength = "zero", test_fit_course_data = "full" }
# rest = "any"
# ///
# %% fit
def fit_logistic(X, y, C=1.0):
    model = LogisticRegression(C=max(C, 0.01), max_iter=2000).fit(X, y)
    return model.coef_[0], model.intercept_[0]
