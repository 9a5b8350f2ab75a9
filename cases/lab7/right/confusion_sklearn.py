# /// case
# about = "scikit-learn's, with all labels"
# ///
# %% confusion
import sklearn.metrics

def confusion_matrix(y_true, y_pred, classes):
    return sklearn.metrics.confusion_matrix(y_true, y_pred, labels=list(range(classes)))
