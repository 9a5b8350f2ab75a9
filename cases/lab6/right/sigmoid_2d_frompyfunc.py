# /// case
# about = "a scalar function lifted by np.frompyfunc"
# ///
# %% sigmoid_2d
import math

def sigmoid_2d(x1, x2, w1, w2, b):
    lifted = np.frompyfunc(lambda u, v: 0.5 * (1 + math.tanh((w1 * u + w2 * v + b) / 2)), 2, 1)
    result = lifted(x1, x2)
    return result.astype(float) if isinstance(result, np.ndarray) else float(result)
