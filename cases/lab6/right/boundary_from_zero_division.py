# /// case
# about = "catches Python's ZeroDivisionError and raises ValueError from it"
# ///
# %% boundary
def boundary_x2(x1, w1, w2, b):
    try:
        factor = -1.0 / float(w2)
    except ZeroDivisionError as error:
        raise ValueError("w2 must not be zero") from error
    return factor * (w1 * np.asarray(x1, dtype=float) + b)
