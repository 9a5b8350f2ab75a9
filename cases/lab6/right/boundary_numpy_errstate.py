# /// case
# about = "lets numpy raise and turns it into a ValueError"
# ///
# %% boundary
def boundary_x2(x1, w1, w2, b):
    with np.errstate(divide="raise", invalid="raise"):
        try:
            ratio = np.divide([w1, b], w2)
        except FloatingPointError:
            raise ValueError("vertical boundary") from None
    return -(ratio[0] * np.asarray(x1) + ratio[1])
