# /// case
# about = "a tiny number instead of a case for constants"
# expect = { test_standardise_constant = "zero" }
# rest = "any"
# kind = "near"
# ///
# %% standardise
def standardise(X_train, X_other):
    m, s = X_train.mean(0), X_train.std(0)
    return (X_train - m) / (s + 1e-12), (X_other - m) / (s + 1e-12)
