# /// case
# about = "rounded to five decimals"
# expect = { test_sigmoid_vector = "zero", test_bias_column = "full" }
# rest = "any"
# kind = "near"
# ///
# %% vector_form
def add_bias_column(X):
    return np.hstack([X, np.ones((len(X), 1))])

def sigmoid_vector(X1, theta):
    return np.round(0.5 * (1 + np.tanh(X1 @ theta / 2)), 5)
