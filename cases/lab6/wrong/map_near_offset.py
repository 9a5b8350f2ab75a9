# /// case
# about = "every value 0.025 too high"
# expect = { test_probability_map = "zero" }
# kind = "near"
# ///
# %% probability_map
model = LogisticRegression().fit(X, y)
prob = model.predict_proba(np.c_[gridx1.ravel(), gridx2.ravel()])[:, 1].reshape(51, 51) + 0.025
