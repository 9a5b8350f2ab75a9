# /// case
# about = "the maximum of all rows is taken out"
# expect = { test_log_softmax_extreme = "zero" }
# kind = "near"
# ///
# %% log_softmax
def log_softmax(Z):
    Z = Z - Z.max()
    return Z - np.log(np.exp(Z).sum(axis=1, keepdims=True))
