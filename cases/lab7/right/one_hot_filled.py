# /// case
# about = "zeros, then ones by two index arrays, in single precision"
# ///
# %% one_hot
def one_hot(y, classes):
    Y = np.zeros((len(y), classes), dtype="float32")
    Y[np.arange(len(y)), y] = 1
    return Y
