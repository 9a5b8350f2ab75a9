# /// case
# about = "math.exp takes no arrays"
# expect = { test_sigmoid_values = "zero" }
# rest = "any"
# ///
# %% sigmoid
import math

def sigmoid(x, w=1.0, b=0.0):
    return 0.5 * (1 + math.tanh((w * x + b) / 2))
