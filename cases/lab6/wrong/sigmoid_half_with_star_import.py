# /// case
# about = "numpy's all and any in sight, and the function wrong everywhere"
# expect = { test_sigmoid_values = "zero", test_sigmoid_extreme = "zero" }
# rest = "any"
# ///
# %% sigmoid
from numpy import *

def sigmoid(x, w=1.0, b=0.0):
    return 0.5 + 0 * (w * asarray(x) + b)
