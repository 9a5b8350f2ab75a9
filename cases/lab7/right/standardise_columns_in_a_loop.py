# /// case
# about = "column by column"
# ///
# %% standardise
def standardise(X_train, X_other):
    a, b = np.empty_like(X_train), np.empty(X_other.shape)
    for j in range(X_train.shape[1]):
        m, s = np.mean(X_train[:, j]), np.std(X_train[:, j])
        if s < 1e-12:
            s = 1
        a[:, j] = (X_train[:, j] - m) / s
        b[:, j] = (X_other[:, j] - m) / s
    return a, b
