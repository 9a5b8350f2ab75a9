# /// case
# about = "weights the classes equally, which shows where they are unequal"
# expect = { test_fit_unseen_data = "zero", test_fit_course_data = "full" }
# rest = "any"
# ///
# %% fit
def fit_logistic(X, y, C=1.0):
    model = LogisticRegression(C=C, class_weight="balanced", max_iter=2000).fit(X, y)
    return model.coef_[0], model.intercept_[0]
