# /// case
# about = "one beyond 12.5, zero below -12.5: 3.7e-6 off"
# expect = { test_sigmoid_extreme = "zero" }
# rest = "any"
# kind = "near"
# ///
# %% sigmoid
def sigmoid(x, w=1.0, b=0.0):
    z = np.clip(w * np.asarray(x, dtype=float) + b, -12.5, 12.5)
    return 1 / (1 + np.exp(-z))
