# /// case
# about = "the probabilities themselves"
# expect = { test_log_softmax_values = "zero", test_log_softmax_extreme = "zero" }
# rest = "any"
# ///
# %% log_softmax
def log_softmax(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)
