# /// case
# about = "least squares on the labels"
# expect = { test_fit_course_data = "zero", test_fit_unseen_data = "zero", test_fit_strength = "zero", test_fit_intercept = "zero" }
# rest = "any"
# ///
# %% fit
def fit_logistic(X, y, C=1.0):
    A = np.c_[X, np.ones(len(X))]
    theta = np.linalg.lstsq(A, 2 * y - 1, rcond=None)[0]
    return theta[:-1], theta[-1]
