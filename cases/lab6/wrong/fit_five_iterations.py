# /// case
# about = "a solver stopped after five iterations"
# expect = { test_fit_course_data = "zero" }
# rest = "any"
# ///
# %% fit
import warnings

def fit_logistic(X, y, C=1.0):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = LogisticRegression(C=C, max_iter=5).fit(X, y)
    return model.coef_[0], model.intercept_[0]
