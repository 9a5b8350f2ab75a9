# /// case
# about = "a dictionary of losses, sorted factors"
# ///
# %% penalty
def choose_penalty(lams, X_train, y_train, X_val, y_val):
    k = int(max(y_train.max(), y_val.max())) + 1
    found = {softmax_loss(*fit_softmax(X_train, y_train, k, l), X_val, y_val, 0): l for l in sorted(lams)}
    return np.float64(found[min(found)])
