# /// case
# about = "complex numbers whose real part, or absolute value, is right, and the rest is not"
# expect = { test_sigmoid_2d = "zero" }
# kind = "forge"
# promise = 1
# succeeds_at = []
# ///
# %% sigmoid_2d
# float() of a complex array drops the imaginary part with a warning
def sigmoid_2d(x1, x2, w1, w2, b):
    return 1 / (1 + np.exp(-(w1 * x1 + w2 * x2 + b))) + 1e6j
