# /// case
# about = "the weights as a column"
# expect = { test_fit_course_data = "zero" }
# rest = "any"
# ///
# %% fit
def fit_logistic(X, y, C=1.0):
    m = LogisticRegression(C=C).fit(X, y)
    return m.coef_.T, m.intercept_[0]
