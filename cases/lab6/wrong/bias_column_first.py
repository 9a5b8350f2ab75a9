# /// case
# about = "the ones stand in front"
# expect = { test_bias_column = "zero" }
# rest = "any"
# ///
# %% vector_form
def add_bias_column(X):
    return np.hstack([np.ones((len(X), 1)), X])

def sigmoid_vector(X1, theta):
    return 0.5 * (1 + np.tanh(X1 @ theta / 2))
