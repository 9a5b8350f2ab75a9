# /// case
# about = "a constant column becomes NaN"
# expect = { test_standardise_constant = "zero" }
# ///
# %% standardise
def standardise(X):
    return (X - X.mean(axis=0)) / X.std(axis=0)
