# /// case
# about = "only classes that come have a row"
# expect = { test_confusion = "zero" }
# kind = "near"
# ///
# %% confusion
import sklearn.metrics

def confusion_matrix(y_true, y_pred, classes):
    return sklearn.metrics.confusion_matrix(y_true, y_pred)
