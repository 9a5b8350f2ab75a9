# /// case
# about = "the minus sign is dropped"
# expect = { test_sigmoid_values = "zero", test_sigmoid_extreme = "zero" }
# rest = "any"
# ///
# %% sigmoid
def sigmoid(x, w=1.0, b=0.0):
    return 1 / (1 + np.exp(w * np.asarray(x) + b))
