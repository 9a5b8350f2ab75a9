# /// case
# about = "the numbers of the course data, whatever comes"
# expect = { test_fit_unseen_data = "zero", test_fit_strength = "zero", test_fit_intercept = "zero", test_fit_course_data = "full" }
# rest = "any"
# ///
# %% fit
def fit_logistic(X, y, C=1.0):
    return np.array([1.80866, 2.20437]), -3.96583
