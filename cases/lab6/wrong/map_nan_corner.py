# /// case
# about = "right but for one NaN"
# expect = { test_probability_map = "zero" }
# ///
# %% probability_map
model = LogisticRegression().fit(X, y)
prob = model.predict_proba(np.c_[gridx1.ravel(), gridx2.ravel()])[:, 1].reshape(51, 51).copy()
prob[0, 0] = np.nan
