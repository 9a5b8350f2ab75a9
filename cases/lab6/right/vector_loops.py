# /// case
# about = "row by row in plain loops"
# ///
# %% vector_form
def add_bias_column(X):
    out = np.empty((len(X), len(X[0]) + 1))
    for i, row in enumerate(X):
        for j, value in enumerate(row):
            out[i, j] = value
        out[i, -1] = 1
    return out

def sigmoid_vector(X1, theta):
    scores = []
    for row in X1:
        scores.append(sum(a * t for a, t in zip(row, theta)))
    return np.array([1 / (1 + np.exp(-s)) for s in scores])
