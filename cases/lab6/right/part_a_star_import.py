# /// case
# about = "names of numpy cover sum, all, any, abs, max, min and round"
# ///
# %% sigmoid
from numpy import *

def sigmoid(x, w=1.0, b=0.0):
    return 1 / (1 + exp(-(w * asarray(x) + b)))
