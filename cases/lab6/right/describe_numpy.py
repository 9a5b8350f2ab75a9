# /// case
# about = "through numpy arrays"
# ///
# %% describe
import numpy as np

def poly_desc(W, b):
    w = W.detach().cpu().numpy().ravel()
    pieces = [format(np.float64(v), "+.2f") + f" x^{p}" for p, v in zip(range(1, w.size + 1), w)]
    pieces.append(format(float(b.detach().cpu().numpy()[0]), "+.2f"))
    return "y =  " + "  ".join(pieces)
