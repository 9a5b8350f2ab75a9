# /// case
# about = "min by key, with the probabilities written out"
# ///
# %% penalty
def choose_penalty(lams, X_train, y_train, X_val, y_val):
    def validation(lam):
        W, b = fit_softmax(X_train, y_train, len(np.unique(y_train)), lam)
        return -np.mean(log_softmax(X_val @ W + b)[np.arange(len(y_val)), y_val])
    return min(lams, key=validation)
