# /// case
# about = "numpy's LinAlgError is a ValueError"
# ///
# %% boundary
def boundary_x2(x1, w1, w2, b):
    rhs = -(w1 * np.asarray(x1, dtype=float) + b)
    return np.linalg.solve(np.array([[w2]], dtype=float), rhs.reshape(1, -1)).reshape(rhs.shape)
