# /// case
# about = "right answers, and four hundred megabytes written to descriptors 1 and 2, past sys.stdout"
# kind = "deny"
# promise = 4
# succeeds_at = []
# ///
# %% sigmoid
# who reads a pipe to its end keeps it all in memory; who does not read it makes its writer wait
import os

for _ in range(200):
    os.write(1, b"x" * 2**20)
    os.write(2, b"y" * 2**20)

def sigmoid(x, w=1.0, b=0.0):
    return 0.5 * (1 + np.tanh((w * np.asarray(x) + b) / 2))
