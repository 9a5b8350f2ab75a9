# /// case
# about = "no numpy for numbers, recursion into lists, arrays element by element"
# ///
# %% sigmoid
import math

def _one(z):
    if z >= 0:
        return 1 / (1 + math.exp(-z))
    e = math.exp(z) if z > -700 else 0.0
    return e / (1 + e)

def sigmoid(x, w=1.0, b=0.0):
    if isinstance(x, (list, tuple)):
        return [sigmoid(item, w, b) for item in x]
    if isinstance(x, np.ndarray):
        result = np.empty(x.shape)
        for index in np.ndindex(x.shape):
            result[index] = _one(w * float(x[index]) + b)
        return result
    return _one(w * float(x) + b)
