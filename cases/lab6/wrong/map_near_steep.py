# /// case
# about = "all log-odds 20 % too large"
# expect = { test_probability_map = "zero" }
# kind = "near"
# ///
# %% probability_map
model = LogisticRegression().fit(X, y)
w1, w2 = model.coef_[0]
b = model.intercept_[0]
prob = 1 / (1 + np.exp(-1.2 * (w1 * gridx1 + w2 * gridx2 + b)))
