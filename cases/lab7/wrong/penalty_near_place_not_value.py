# /// case
# about = "the place in the list, not the number"
# expect = { test_penalty = "zero" }
# kind = "near"
# ///
# %% penalty
def choose_penalty(lams, X_train, y_train, X_val, y_val):
    k = y_train.max() + 1
    return int(np.argmin([softmax_loss(*fit_softmax(X_train, y_train, k, lam), X_val, y_val, 0) for lam in lams]))
