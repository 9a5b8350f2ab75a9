# /// case
# about = "the deviation with n - 1"
# expect = { test_standardise_values = "zero", test_standardise_constant = "zero" }
# kind = "near"
# ///
# %% standardise
def standardise(X_train, X_other):
    m, s = X_train.mean(0), X_train.std(0, ddof=1)
    s = np.where(s == 0, 1, s)
    return (X_train - m) / s, (X_other - m) / s
