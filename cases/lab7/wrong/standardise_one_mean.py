# /// case
# about = "one mean and one deviation for all features"
# expect = { test_standardise_values = "zero", test_standardise_constant = "zero" }
# rest = "any"
# ///
# %% standardise
def standardise(X_train, X_other):
    m, s = X_train.mean(), X_train.std()
    return (X_train - m) / s, (X_other - m) / s
