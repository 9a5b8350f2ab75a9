# /// case
# about = "the penalty is part of what is compared"
# expect = { test_penalty = "zero" }
# kind = "near"
# ///
# %% penalty
def choose_penalty(lams, X_train, y_train, X_val, y_val):
    k = y_train.max() + 1
    return min(lams, key=lambda lam: softmax_loss(*fit_softmax(X_train, y_train, k, lam), X_val, y_val, lam))
