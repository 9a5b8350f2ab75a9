# /// case
# about = "data wider than long are turned before the column is added"
# expect = { test_bias_column = "zero" }
# rest = "any"
# ///
# %% vector_form
def add_bias_column(X):
    if X.shape[0] < X.shape[1]:
        X = X.T
    return np.hstack([X, np.ones((len(X), 1))])

def sigmoid_vector(X1, theta):
    return 0.5 * (1 + np.tanh(X1 @ theta / 2))
