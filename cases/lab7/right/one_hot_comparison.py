# /// case
# about = "compared with the class numbers, as integers"
# ///
# %% one_hot
def one_hot(y, classes):
    return (y[:, None] == np.arange(classes)).astype(int)
