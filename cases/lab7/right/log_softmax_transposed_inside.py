# /// case
# about = "works on columns and turns back"
# ///
# %% log_softmax
def log_softmax(Z):
    T = Z.T
    T = T - np.amax(T, axis=0)
    return (T - np.log(np.sum(np.exp(T), axis=0))).T
