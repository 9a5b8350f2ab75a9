# /// case
# about = "loops in plain Python with the maximum taken out"
# ///
# %% log_softmax
import math

def log_softmax(Z):
    rows = []
    for row in Z:
        top = max(row)
        total = top + math.log(sum(math.exp(z - top) for z in row))
        rows.append([z - total for z in row])
    return np.array(rows)
