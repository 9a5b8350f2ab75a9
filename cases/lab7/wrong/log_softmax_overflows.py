# /// case
# about = "the formula as it stands"
# expect = { test_log_softmax_extreme = "zero" }
# ///
# %% log_softmax
def log_softmax(Z):
    return Z - np.log(np.exp(Z).sum(axis=1, keepdims=True))
