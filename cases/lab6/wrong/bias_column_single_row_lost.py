# /// case
# about = "a single row comes back flat"
# expect = { test_bias_column = "zero" }
# rest = "any"
# ///
# %% vector_form
def add_bias_column(X):
    return np.hstack([X, np.ones((len(X), 1))]).squeeze()

def sigmoid_vector(X1, theta):
    return 0.5 * (1 + np.tanh(X1 @ theta / 2))
