# /// case
# about = "a hundredth of label smoothing"
# expect = { test_one_hot = "zero" }
# rest = "any"
# kind = "near"
# ///
# %% one_hot
def one_hot(y, classes):
    return 0.99 * np.eye(classes)[y] + 0.01 / classes
