# /// case
# about = "a small number added to every deviation"
# expect = { test_standardise_values = "zero", test_standardise_constant = "zero" }
# kind = "near"
# ///
# %% standardise
def standardise(X_train, X_other):
    m, s = X_train.mean(0), X_train.std(0)
    return (X_train - m) / (s + 1e-4), (X_other - m) / (s + 1e-4)
