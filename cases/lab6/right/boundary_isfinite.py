# /// case
# about = "infinite or undefined results raise"
# ///
# %% boundary
def boundary_x2(x1, w1, w2, b):
    x2 = -(w1 * np.asarray(x1, dtype=float) + b) / np.float64(w2)
    if not np.isfinite(x2).all():
        raise ValueError("vertical boundary")
    return x2
