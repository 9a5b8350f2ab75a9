# /// case
# about = "integer input stays integer, theta multiplied from the left"
# ///
# %% vector_form
def add_bias_column(X):
    return np.column_stack([X, np.ones(X.shape[0], dtype=X.dtype)])

def sigmoid_vector(X1, theta):
    return sigmoid(theta @ X1.T)
