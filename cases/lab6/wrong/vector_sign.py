# /// case
# about = "the sign of the exponent"
# expect = { test_sigmoid_vector = "zero", test_bias_column = "full" }
# rest = "any"
# ///
# %% vector_form
def add_bias_column(X):
    return np.hstack([X, np.ones((len(X), 1))])

def sigmoid_vector(X1, theta):
    return 1 / (1 + np.exp(X1 @ theta))
