# /// case
# about = "shares of each row"
# expect = { test_confusion = "zero" }
# ///
# %% confusion
import sklearn.metrics

def confusion_matrix(y_true, y_pred, classes):
    return sklearn.metrics.confusion_matrix(y_true, y_pred, labels=range(classes), normalize="true")
