# /// case
# about = "the function is an instance with __call__"
# ///
# %% sigmoid
class Sigmoid:
    def __call__(self, x, w=1.0, b=0.0):
        z = np.asarray(x, float) * w + b
        return np.exp(np.minimum(z, 0)) / (1 + np.exp(-np.abs(z)))

sigmoid = Sigmoid()
