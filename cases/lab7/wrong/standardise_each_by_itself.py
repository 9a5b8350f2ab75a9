# /// case
# about = "the other rows by their own mean and deviation"
# expect = { test_standardise_values = "zero", test_standardise_constant = "zero" }
# ///
# %% standardise
def standardise(X_train, X_other):
    def scaled(A):
        s = A.std(0)
        return (A - A.mean(0)) / np.where(s == 0, 1, s)
    return scaled(X_train), scaled(X_other)
