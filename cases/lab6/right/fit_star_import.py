# /// case
# about = "numpy's names cover the built-in ones in the fit cell"
# ///
# %% fit
from numpy import *
from numpy.linalg import *

def fit_logistic(X, y, C=1.0):
    m = LogisticRegression(C=C).fit(X, y)
    return m.coef_[0], m.intercept_[0]
