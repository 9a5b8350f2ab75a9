# /// case
# about = "the losses of the list in order, the place in the sorted one"
# expect = { test_penalty = "zero" }
# kind = "near"
# ///
# %% penalty
def choose_penalty(lams, X_train, y_train, X_val, y_val):
    k = y_train.max() + 1
    losses = [softmax_loss(*fit_softmax(X_train, y_train, k, lam), X_val, y_val, 0) for lam in lams]
    return sorted(lams)[int(np.argmin(losses))]
