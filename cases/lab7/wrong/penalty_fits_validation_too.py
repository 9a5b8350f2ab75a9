# /// case
# about = "the validation rows are used for training"
# expect = { test_penalty = "zero" }
# ///
# %% penalty
def choose_penalty(lams, X_train, y_train, X_val, y_val):
    k, X, y = y_train.max() + 1, np.r_[X_train, X_val], np.r_[y_train, y_val]
    return min(lams, key=lambda lam: softmax_loss(*fit_softmax(X, y, k, lam), X_val, y_val, 0))
