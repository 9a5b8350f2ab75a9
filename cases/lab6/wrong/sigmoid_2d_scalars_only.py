# /// case
# about = "math.exp takes no arrays"
# expect = { test_sigmoid_2d = "zero" }
# rest = "any"
# ///
# %% sigmoid_2d
import math

def sigmoid_2d(x1, x2, w1, w2, b):
    return 1 / (1 + math.exp(-(w1 * x1 + w2 * x2 + b)))
