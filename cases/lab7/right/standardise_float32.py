# /// case
# about = "in single precision"
# ///
# %% standardise
def standardise(X_train, X_other):
    A, B = X_train.astype(np.float32), X_other.astype(np.float32)
    m, s = A.mean(0), A.std(0)
    s[s == 0] = np.float32(1)
    return (A - m) / s, (B - m) / s
