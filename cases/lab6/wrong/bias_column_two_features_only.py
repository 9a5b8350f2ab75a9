# /// case
# about = "only the two columns of the course data are kept"
# expect = { test_bias_column = "zero" }
# rest = "any"
# ///
# %% vector_form
def add_bias_column(X):
    return np.c_[X[:, 0], X[:, 1], np.ones(len(X))]

def sigmoid_vector(X1, theta):
    return 0.5 * (1 + np.tanh(X1 @ theta / 2))
