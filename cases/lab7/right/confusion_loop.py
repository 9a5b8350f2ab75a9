# /// case
# about = "a loop, in floats"
# ///
# %% confusion
def confusion_matrix(y_true, y_pred, classes):
    M = np.zeros((classes, classes))
    for t, p in zip(y_true, y_pred):
        M[t, p] += 1
    return M
