# /// case
# about = "the intercept is forgotten"
# expect = { test_probability_map = "zero" }
# ///
# %% probability_map
model = LogisticRegression().fit(X, y)
prob = 1 / (1 + np.exp(-(model.coef_[0, 0] * gridx1 + model.coef_[0, 1] * gridx2)))
