# /// case
# about = "writes into X_train"
# expect = { test_standardise_values = "zero" }
# rest = "any"
# ///
# %% standardise
def standardise(X_train, X_other):
    m, s = X_train.mean(0), X_train.std(0)
    s = np.where(s == 0, 1, s)
    X_train -= m
    X_train /= s
    return X_train, (X_other - m) / s
