# /// case
# about = "every value 5e-6 too high"
# expect = { test_sigmoid_values = "zero", test_sigmoid_extreme = "zero" }
# rest = "any"
# ///
# %% sigmoid
def sigmoid(x, w=1.0, b=0.0):
    z = np.clip(w * np.asarray(x, dtype=float) + b, -500, 500)
    return 1 / (1 + np.exp(-z)) + 5e-6
