# /// case
# about = "np.divide where the deviation is not 0"
# ///
# %% standardise
def standardise(X_train, X_other):
    m, s = X_train.mean(axis=0), X_train.std(axis=0)
    def scaled(A):
        centred = A - m
        return np.divide(centred, s, out=centred.copy(), where=s > 0)
    return scaled(X_train), scaled(X_other)
