# /// case
# about = "columns are summed"
# expect = { test_log_softmax_values = "zero", test_log_softmax_extreme = "zero" }
# rest = "any"
# ///
# %% log_softmax
def log_softmax(Z):
    m = Z.max(0)
    return Z - m - np.log(np.exp(Z - m).sum(0))
