# /// case
# about = "every value 3e-6 of itself too low, as by an epsilon in the denominator"
# expect = { test_sigmoid_values = "zero", test_sigmoid_extreme = "zero" }
# rest = "any"
# ///
# %% sigmoid
def sigmoid(x, w=1.0, b=0.0):
    z = np.clip(w * np.asarray(x, dtype=float) + b, -500, 500)
    return 1 / (1 + np.exp(-z) + 3e-6)
