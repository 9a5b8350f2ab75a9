# /// case
# about = "logaddexp reduces each row"
# ///
# %% log_softmax
def log_softmax(Z):
    return Z - np.logaddexp.reduce(Z, axis=1)[:, None]
