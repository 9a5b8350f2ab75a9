# /// case
# about = "weights and intercept rounded to one half"
# expect = { test_probability_map = "zero" }
# kind = "near"
# ///
# %% probability_map
model = LogisticRegression().fit(X, y)
w1, w2 = model.coef_[0]
b = model.intercept_[0]
w1, w2, b = np.round(2 * np.array([w1, w2, b])) / 2
prob = 1 / (1 + np.exp(-(w1 * gridx1 + w2 * gridx2 + b)))
