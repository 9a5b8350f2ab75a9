# /// case
# about = "the intercept 0.1 too low: 0.025 off"
# expect = { test_probability_map = "zero" }
# kind = "near"
# ///
# %% probability_map
model = LogisticRegression().fit(X, y)
w1, w2 = model.coef_[0]
b = model.intercept_[0]
b = b - 0.1
prob = 1 / (1 + np.exp(-(w1 * gridx1 + w2 * gridx2 + b)))
