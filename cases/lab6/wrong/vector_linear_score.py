# /// case
# about = "the score without the sigmoid"
# expect = { test_sigmoid_vector = "zero", test_bias_column = "full" }
# rest = "any"
# ///
# %% vector_form
def add_bias_column(X):
    return np.hstack([X, np.ones((len(X), 1))])

def sigmoid_vector(X1, theta):
    return X1 @ theta
