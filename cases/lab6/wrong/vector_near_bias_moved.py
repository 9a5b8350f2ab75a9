# /// case
# about = "the bias 3e-5 too large: up to 7.5e-6 off"
# expect = { test_sigmoid_vector = "zero", test_bias_column = "full" }
# rest = "any"
# kind = "near"
# ///
# %% vector_form
def add_bias_column(X):
    return np.hstack([X, np.ones((len(X), 1))])

def sigmoid_vector(X1, theta):
    return 0.5 * (1 + np.tanh((X1 @ theta + 3e-5) / 2))
