# /// case
# about = "bincount of the pairs as one number"
# ///
# %% confusion
def confusion_matrix(y_true, y_pred, classes):
    return np.bincount(classes * y_true + y_pred, minlength=classes**2).reshape(classes, classes)
