# /// case
# about = "the bias is added once more"
# expect = { test_sigmoid_vector = "zero" }
# ///
# %% vector_form
def add_bias_column(X):
    return np.c_[X, np.ones(len(X))]

def sigmoid_vector(X1, theta):
    return sigmoid(X1 @ theta + theta[-1])
