# /// case
# about = "no fit at all"
# expect = { test_fit_course_data = "zero", test_fit_unseen_data = "zero", test_fit_strength = "zero", test_fit_intercept = "zero" }
# rest = "any"
# ///
# %% fit
def fit_logistic(X, y, C=1.0):
    return np.zeros(X.shape[1]), 0.0
