# /// case
# about = "half a grid step to the right"
# expect = { test_probability_map = "zero" }
# kind = "near"
# ///
# %% probability_map
model = LogisticRegression().fit(X, y)
w1, w2 = model.coef_[0]
b = model.intercept_[0]
gridx1_moved = gridx1 + 0.12
prob = 1 / (1 + np.exp(-(w1 * gridx1_moved + w2 * gridx2 + b)))
