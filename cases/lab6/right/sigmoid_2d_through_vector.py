# /// case
# about = "through the vector form, one row a point"
# ///
# %% sigmoid_2d
def sigmoid_2d(x1, x2, w1, w2, b):
    a, c = np.broadcast_arrays(np.asarray(x1, float), np.asarray(x2, float))
    rows = np.c_[a.ravel(), c.ravel(), np.ones(a.size)]
    values = 1 / (1 + np.exp(-rows @ np.array([w1, w2, b], dtype=float)))
    return values.reshape(a.shape)
