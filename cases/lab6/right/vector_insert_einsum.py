# /// case
# about = "np.insert, einsum, tanh"
# ///
# %% vector_form
def add_bias_column(X):
    return np.insert(X.astype(float), X.shape[1], 1.0, axis=1)

def sigmoid_vector(X1, theta):
    return 0.5 + 0.5 * np.tanh(np.einsum("ij,j->i", X1, theta) / 2)
