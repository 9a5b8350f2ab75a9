# /// case
# about = "one-hot targets and einsum"
# ///
# %% loss
def softmax_loss(W, b, X, y, lam):
    L = log_softmax(np.einsum("nd,dk->nk", X, W) + b)
    return -np.einsum("nk,nk->", one_hot(y, W.shape[1]), L) / X.shape[0] + 0.5 * lam * np.einsum("dk,dk->", W, W)
