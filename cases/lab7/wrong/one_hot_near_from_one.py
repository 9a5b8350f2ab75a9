# /// case
# about = "classes counted from 1"
# expect = { test_one_hot = "zero" }
# rest = "any"
# kind = "near"
# ///
# %% one_hot
def one_hot(y, classes):
    return (y[:, None] == np.arange(1, classes + 1)).astype(float)
