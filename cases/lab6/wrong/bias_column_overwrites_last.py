# /// case
# about = "the last feature is overwritten by ones, in X itself"
# expect = { test_bias_column = "zero" }
# rest = "any"
# ///
# %% vector_form
def add_bias_column(X):
    X[:, -1] = 1
    return X

def sigmoid_vector(X1, theta):
    return 0.5 * (1 + np.tanh(X1 @ theta / 2))
