# /// case
# about = "a cell magic that captures the output, a timing, a shell line"
# ///
# %% vector_form
%%capture
def add_bias_column(X):
    return np.hstack((X, np.ones((len(X), 1))))

def sigmoid_vector(X1, theta):
    return sigmoid(np.matmul(X1, theta))

%timeit -n 1 -r 1 add_bias_column(np.eye(3))
!echo done
