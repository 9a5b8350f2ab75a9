# /// case
# about = "a ten-thousandth added to the sum"
# expect = { test_log_softmax_values = "zero" }
# rest = "any"
# kind = "near"
# ///
# %% log_softmax
def log_softmax(Z):
    s = Z - Z.max(axis=1, keepdims=True)
    return s - np.log(1e-4 + np.exp(s).sum(axis=1, keepdims=True))
