# /// case
# about = "constant features become 0 in both arrays"
# expect = { test_standardise_constant = "zero" }
# kind = "near"
# ///
# %% standardise
def standardise(X_train, X_other):
    m, s = X_train.mean(0), X_train.std(0)
    A, B = X_train - m, X_other - m
    A[:, s > 0] /= s[s > 0]
    B[:, s > 0] /= s[s > 0]
    A[:, s == 0] = B[:, s == 0] = 0
    return A, B
