# /// case
# about = "classes along the rows"
# expect = { test_one_hot = "zero" }
# rest = "any"
# ///
# %% one_hot
def one_hot(y, classes):
    return np.eye(classes)[y].T
