# /// case
# about = "the product of two one-hot matrices"
# ///
# %% confusion
def confusion_matrix(y_true, y_pred, classes):
    return one_hot(y_true, classes).T @ one_hot(y_pred, classes)
