# /// case
# about = "a failing experiment behind the definition"
# ///
# %% boundary
def boundary_x2(x1, w1, w2, b):
    if w2 == 0:
        raise ValueError("vertical")
    return -(w1 * x1 + b) / w2

print(boundary_x2(1.0, 1.0, 0.0, 1.0))
