# /// case
# about = "features are cut to whole numbers"
# expect = { test_bias_column = "zero" }
# rest = "any"
# ///
# %% vector_form
def add_bias_column(X):
    out = np.ones((X.shape[0], X.shape[1] + 1), dtype=int)
    out[:, :-1] = X
    return out

def sigmoid_vector(X1, theta):
    return 0.5 * (1 + np.tanh(X1 @ theta / 2))
