# /// case
# about = "rows instead of columns"
# expect = { test_standardise = "zero", test_standardise_constant = "zero" }
# ///
# %% standardise
def standardise(X):
    spread = X.std(axis=1, keepdims=True)
    return (X - X.mean(axis=1, keepdims=True)) / np.where(spread == 0, 1, spread)
