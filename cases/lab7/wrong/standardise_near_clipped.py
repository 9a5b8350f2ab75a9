# /// case
# about = "everything beyond four deviations is cut off"
# expect = { test_standardise_values = "zero" }
# rest = "any"
# kind = "near"
# ///
# %% standardise
def standardise(X_train, X_other):
    m, s = X_train.mean(0), X_train.std(0)
    s = np.where(s == 0, 1, s)
    return np.clip((X_train - m) / s, -4, 4), np.clip((X_other - m) / s, -4, 4)
