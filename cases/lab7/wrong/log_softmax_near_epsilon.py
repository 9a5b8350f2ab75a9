# /// case
# about = "a small number inside the logarithm"
# expect = { test_log_softmax_values = "zero", test_log_softmax_extreme = "zero" }
# rest = "any"
# kind = "near"
# ///
# %% log_softmax
def log_softmax(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return np.log(E / E.sum(axis=1, keepdims=True) + 1e-8)
