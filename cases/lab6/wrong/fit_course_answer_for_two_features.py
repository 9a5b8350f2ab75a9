# /// case
# about = "learnt on the course data once, used whenever there are two columns"
# expect = { test_fit_unseen_data = "zero", test_fit_strength = "zero", test_fit_intercept = "zero", test_fit_course_data = "full" }
# rest = "any"
# ///
# %% fit
course_fit = LogisticRegression().fit(X, y)

def fit_logistic(X, y, C=1.0):
    d = X.shape[1]
    return np.resize(course_fit.coef_[0], d), course_fit.intercept_[0]
