# /// case
# about = "constant features divided by 1 by a mask, in a list"
# ///
# %% standardise
def standardise(X_train, X_other):
    mean = X_train.sum(axis=0) / len(X_train)
    var = ((X_train - mean) ** 2).sum(axis=0) / len(X_train)
    std = np.sqrt(var)
    std[var == 0] = 1
    return [(part - mean) / std for part in (X_train, X_other)]
