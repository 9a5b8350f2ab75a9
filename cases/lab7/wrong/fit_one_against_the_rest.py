# /// case
# about = "one logistic fit a class"
# expect = { test_fit_digits = "zero", test_fit_unseen = "zero" }
# rest = "any"
# ///
# %% fit
from sklearn.linear_model import LogisticRegression

def fit_softmax(X, y, classes, lam):
    fits = [LogisticRegression(C=1 / (lam * len(y))).fit(X, y == c) for c in range(classes)]
    return np.column_stack([f.coef_[0] for f in fits]), np.array([f.intercept_[0] for f in fits])
