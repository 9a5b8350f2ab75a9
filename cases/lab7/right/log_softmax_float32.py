# /// case
# about = "single precision from the start"
# ///
# %% log_softmax
def log_softmax(Z):
    Z = np.asarray(Z, dtype=np.float32)
    m = Z.max(1)[:, None]
    return Z - m - np.log(np.exp(Z - m).sum(1))[:, None]
