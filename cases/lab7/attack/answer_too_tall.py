# /// case
# about = "a column against a row, which a comparison would broadcast"
# expect = { test_penalty = "zero" }
# kind = "exhaust"
# promise = 4
# succeeds_at = []
# ///
# %% penalty
def choose_penalty(lams, X_train, y_train, X_val, y_val):
    return np.zeros((60_000, 1))
