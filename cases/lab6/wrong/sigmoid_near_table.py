# /// case
# about = "read off a table with steps of 0.03, linearly between: 1e-5 off"
# expect = { test_sigmoid_values = "zero" }
# rest = "any"
# kind = "near"
# ///
# %% sigmoid
def sigmoid(x, w=1.0, b=0.0):
    z = w * np.asarray(x, dtype=float) + b
    grid = np.arange(-40, 40.01, 0.03)
    return np.interp(z, grid, 0.5 * (1 + np.tanh(grid / 2)))
