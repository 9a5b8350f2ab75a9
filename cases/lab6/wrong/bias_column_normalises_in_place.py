# /// case
# about = "centres the columns of X in place on the way"
# expect = { test_bias_column = "zero" }
# rest = "any"
# ///
# %% vector_form
def add_bias_column(X):
    original = X.copy()
    X -= X.astype(X.dtype).max(axis=0)
    return np.hstack([original, np.ones((len(X), 1))])

def sigmoid_vector(X1, theta):
    return 0.5 * (1 + np.tanh(X1 @ theta / 2))
