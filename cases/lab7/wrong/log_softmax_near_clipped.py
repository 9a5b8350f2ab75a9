# /// case
# about = "scores cut off at 500"
# expect = { test_log_softmax_extreme = "zero" }
# kind = "near"
# ///
# %% log_softmax
def log_softmax(Z):
    Z = np.clip(Z, -500, 500)
    return Z - np.log(np.exp(Z).sum(axis=1, keepdims=True))
