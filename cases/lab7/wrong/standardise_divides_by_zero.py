# /// case
# about = "constant features are divided by their deviation of 0"
# expect = { test_standardise_constant = "zero" }
# rest = "any"
# ///
# %% standardise
def standardise(X_train, X_other):
    m, s = X_train.mean(0), X_train.std(0)
    return (X_train - m) / s, (X_other - m) / s
