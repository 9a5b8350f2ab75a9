# /// case
# about = "two axes change places"
# expect = { test_sigmoid_values = "zero" }
# rest = "any"
# ///
# %% sigmoid
def sigmoid(x, w=1.0, b=0.0):
    return (1 / (1 + np.exp(-(w * np.asarray(x) + b)))).T
