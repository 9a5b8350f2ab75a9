# /// case
# about = "np.concatenate and the dot method"
# ///
# %% vector_form
def add_bias_column(X):
    rows = X.shape[0]
    return np.concatenate((X, np.ones((rows, 1))), axis=1)

def sigmoid_vector(X1, theta):
    return 1 / (1 + np.exp(-np.asarray(X1).dot(theta)))
