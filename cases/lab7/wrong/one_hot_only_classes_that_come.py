# /// case
# about = "as many columns as there are classes in y"
# expect = { test_one_hot = "zero" }
# rest = "any"
# ///
# %% one_hot
def one_hot(y, classes):
    return (y[:, None] == np.unique(y)).astype(float)
