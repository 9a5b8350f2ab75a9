# /// case
# about = "a loop over rows, and the norm"
# ///
# %% loss
def softmax_loss(W, b, X, y, lam):
    total = 0.0
    for x, label in zip(X, y):
        z = x @ W + b
        total += np.log(np.sum(np.exp(z - z[label])))
    return float(total / len(X) + lam * np.linalg.norm(W) ** 2 / 2)
