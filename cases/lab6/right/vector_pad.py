# /// case
# about = "np.pad with constant ones; the sum over columns"
# ///
# %% vector_form
def add_bias_column(X):
    return np.pad(X, ((0, 0), (0, 1)), constant_values=1)

def sigmoid_vector(X1, theta):
    z = (X1 * theta).sum(axis=1)
    return 1 - 1 / (1 + np.exp(z))
