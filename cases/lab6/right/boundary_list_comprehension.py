# /// case
# about = "numbers and arrays apart, a threshold far below any tested weight"
# ///
# %% boundary
def boundary_x2(x1, w1, w2, b):
    if abs(w2) < 1e-12:
        raise ValueError
    if np.ndim(x1) == 0:
        return -(w1 * x1 + b) / w2
    flat = [-(w1 * value + b) / w2 for value in np.ravel(x1)]
    return np.reshape(flat, np.shape(x1))
