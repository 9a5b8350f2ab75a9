# /// case
# about = "half precision inside"
# expect = { test_log_softmax_values = "zero" }
# rest = "any"
# ///
# %% log_softmax
def log_softmax(Z):
    s = (Z - Z.max(axis=1, keepdims=True)).astype(np.float16)
    return (s - np.log(np.exp(s).sum(axis=1, keepdims=True))).astype(float)
