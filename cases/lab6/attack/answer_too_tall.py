# /// case
# about = "an answer of shape (60000, 1) where (n,) is expected, which broadcasting turns into gigabytes"
# expect = { test_sigmoid_vector = "zero" }
# rest = "any"
# kind = "deny"
# promise = 4
# succeeds_at = []
# ///
# %% vector_form
# the comparison asks for 27 GB and takes the grader down
def add_bias_column(X):
    return np.hstack([X, np.ones((len(X), 1))])

def sigmoid_vector(X1, theta):
    return np.full((60_000, 1), 0.5)
