# /// case
# about = "an index assignment counts each pair once"
# expect = { test_confusion = "zero" }
# kind = "near"
# ///
# %% confusion
def confusion_matrix(y_true, y_pred, classes):
    M = np.zeros((classes, classes), int)
    M[y_true, y_pred] += 1
    return M
