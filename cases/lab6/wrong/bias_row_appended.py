# /// case
# about = "a row of ones in place of a column"
# expect = { test_bias_column = "zero" }
# rest = "any"
# ///
# %% vector_form
def add_bias_column(X):
    return np.vstack([X, np.ones((1, X.shape[1]))])

def sigmoid_vector(X1, theta):
    return 0.5 * (1 + np.tanh(X1 @ theta / 2))
