# /// case
# about = "solve for x2, raise if there is none"
# ///
# %% boundary
def boundary_x2(x1, w1, w2, b):
    if w2 == 0:
        raise ValueError("the boundary is vertical: every x2 fits one x1")
    return (-b - w1 * np.asarray(x1)) / w2
