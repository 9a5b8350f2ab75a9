# /// case
# about = "the number of errors decides"
# expect = { test_penalty = "zero" }
# kind = "near"
# ///
# %% penalty
def choose_penalty(lams, X_train, y_train, X_val, y_val):
    def errors(lam):
        W, b = fit_softmax(X_train, y_train, y_train.max() + 1, lam)
        return np.mean(np.argmax(X_val @ W + b, axis=1) != y_val)
    return min(lams, key=errors)
