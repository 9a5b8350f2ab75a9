# /// case
# about = "the exponent clipped at 12, off by 6e-6 beyond it"
# expect = { test_sigmoid_extreme = "zero" }
# rest = "any"
# ///
# %% sigmoid
def sigmoid(x, w=1.0, b=0.0):
    z = np.clip(w * np.asarray(x, dtype=float) + b, -12, 12)
    return 1 / (1 + np.exp(-z))
