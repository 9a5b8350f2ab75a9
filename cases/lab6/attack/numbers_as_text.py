# /// case
# about = "the numbers as text, as bytes and as arrays of text"
# expect = { test_sigmoid_2d = "zero" }
# kind = "forge"
# promise = 1
# succeeds_at = []
# ///
# %% sigmoid_2d
# np.asarray(text, dtype=float) turns text into numbers; here the numbers are wrong as well where it would
def sigmoid_2d(x1, x2, w1, w2, b):
    value = 1 / (1 + np.exp(-(w1 * x1 + w2 * x2 + b)))
    return np.asarray(value).astype(str) if np.shape(value) else f"{value:.3f}"
