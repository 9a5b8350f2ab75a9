# /// case
# about = "the maximum is taken out, but then the logarithm of the probabilities is taken"
# expect = { test_log_softmax_extreme = "zero" }
# kind = "near"
# ///
# %% log_softmax
def log_softmax(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return np.log(E / E.sum(axis=1, keepdims=True))
