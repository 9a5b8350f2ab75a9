# /// case
# about = "means and deviations of both arrays together"
# expect = { test_standardise_values = "zero", test_standardise_constant = "zero" }
# ///
# %% standardise
def standardise(X_train, X_other):
    both = np.r_[X_train, X_other]
    m, s = both.mean(0), both.std(0)
    s[s == 0] = 1
    return (X_train - m) / s, (X_other - m) / s
