# /// case
# about = "a column of shape (n, 1)"
# expect = { test_sigmoid_vector = "zero", test_bias_column = "full" }
# rest = "any"
# ///
# %% vector_form
def add_bias_column(X):
    return np.hstack([X, np.ones((len(X), 1))])

def sigmoid_vector(X1, theta):
    return 0.5 * (1 + np.tanh((X1 @ theta.reshape(-1, 1)) / 2))
