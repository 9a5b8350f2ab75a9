# /// case
# about = "the percent operator, no spaces at all"
# ///
# %% describe
def poly_desc(W, b):
    result = "y="
    for power, weight in enumerate(W.flatten(), start=1):
        result += "%+.2fx^%d" % (float(weight), power)
    return result + "%+.2f" % float(b)
