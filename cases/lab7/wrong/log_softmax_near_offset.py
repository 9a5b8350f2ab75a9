# /// case
# about = "every value 4e-5 too large"
# expect = { test_log_softmax_values = "zero" }
# rest = "any"
# kind = "near"
# ///
# %% log_softmax
def log_softmax(Z):
    s = Z - Z.max(axis=1, keepdims=True)
    return s - np.log(np.exp(s).sum(axis=1, keepdims=True)) + 4e-5
