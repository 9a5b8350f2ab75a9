# /// case
# about = "moved by one column"
# expect = { test_probability_map = "zero" }
# ///
# %% probability_map
model = LogisticRegression().fit(X, y)
prob = model.predict_proba(np.c_[gridx1.ravel(), gridx2.ravel()])[:, 1].reshape(51, 51)
prob = np.roll(prob, 1, axis=1)
prob[:, 0] = 0.0
