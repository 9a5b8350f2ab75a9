# /// case
# about = "the mean of the losses in place of their sum"
# expect = { test_fit_course_data = "zero", test_fit_unseen_data = "zero" }
# rest = "any"
# ///
# %% fit
def fit_logistic(X, y, C=1.0):
    model = LogisticRegression(C=C / len(y), max_iter=2000).fit(X, y)
    return model.coef_[0], model.intercept_[0]
