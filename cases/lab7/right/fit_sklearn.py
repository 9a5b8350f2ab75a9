# /// case
# about = "scikit-learn, whose penalty is 1 / (n lam), and whose two classes share one row of weights"
# ///
# %% fit
from sklearn.linear_model import LogisticRegression

def fit_softmax(X, y, classes, lam):
    scale = 2 if classes == 2 else 1
    model = LogisticRegression(C=scale / (lam * len(y)), max_iter=500).fit(X, y)
    if classes == 2:
        w, b = model.coef_[0] / 2, model.intercept_[0] / 2
        return np.stack([-w, w], axis=1), np.array([-b, b])
    return model.coef_.T, model.intercept_
