# /// case
# about = "the textbook formula: exp overflows to inf with a warning and the value is still 0"
# ///
# %% sigmoid
def sigmoid(x, w=1.0, b=0.0):
    x = np.array(x)
    return 1 / (1 + np.exp(-(w * x + b)))
