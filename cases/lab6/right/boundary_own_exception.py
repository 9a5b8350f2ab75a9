# /// case
# about = "a subclass of ValueError"
# ///
# %% boundary
class VerticalBoundary(ValueError):
    """There is no single x2 for an x1."""

def boundary_x2(x1, w1, w2, b):
    if not w2:
        raise VerticalBoundary(f"w2 is zero, w1 is {w1}")
    slope, intercept = -w1 / w2, -b / w2
    return slope * np.array(x1) + intercept
