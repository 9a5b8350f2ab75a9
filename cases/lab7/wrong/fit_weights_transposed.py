# /// case
# about = "one row a class"
# expect = { test_fit_digits = "zero", test_fit_unseen = "zero" }
# rest = "any"
# ///
# %% fit
from sklearn.linear_model import LogisticRegression

def fit_softmax(X, y, classes, lam):
    m = LogisticRegression(C=1 / (lam * len(y))).fit(X, y)
    return m.coef_, m.intercept_
