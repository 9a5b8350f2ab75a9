# /// case
# about = "SGDClassifier with default settings"
# expect = { test_fit_course_data = "zero", test_fit_unseen_data = "zero" }
# rest = "any"
# ///
# %% fit
from sklearn.linear_model import SGDClassifier

def fit_logistic(X, y, C=1.0):
    model = SGDClassifier(loss="log_loss", random_state=0).fit(X, y)
    return model.coef_[0], model.intercept_[0]
