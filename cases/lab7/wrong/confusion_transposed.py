# /// case
# about = "rows and columns are exchanged"
# expect = { test_confusion = "zero" }
# ///
# %% confusion
def confusion_matrix(y_true, y_pred, classes):
    M = np.zeros((classes, classes), int)
    for t, p in zip(y_true, y_pred):
        M[p, t] += 1
    return M
