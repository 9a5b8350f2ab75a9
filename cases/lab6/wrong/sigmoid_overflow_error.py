# /// case
# about = "math.exp raises OverflowError below -709"
# expect = { test_sigmoid_extreme = "zero" }
# rest = "any"
# ///
# %% sigmoid
import math

def sigmoid(x, w=1.0, b=0.0):
    f = np.vectorize(lambda v: 1 / (1 + math.exp(-(w * v + b))), otypes=[float])
    return f(x)
