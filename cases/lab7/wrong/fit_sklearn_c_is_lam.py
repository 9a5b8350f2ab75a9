# /// case
# about = "scikit-learn with C = 1 / lam, which takes the sum of the losses"
# expect = { test_fit_digits = "zero", test_fit_unseen = "zero" }
# rest = "any"
# ///
# %% fit
from sklearn.linear_model import LogisticRegression

def fit_softmax(X, y, classes, lam):
    m = LogisticRegression(C=1 / lam, max_iter=1000).fit(X, y)
    if classes == 2:
        return np.c_[-m.coef_[0], m.coef_[0]] / 2, np.array([-m.intercept_[0], m.intercept_[0]]) / 2
    return m.coef_.T, m.intercept_
