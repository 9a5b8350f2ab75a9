# /// case
# about = "kept inside [0.03, 0.97]"
# expect = { test_probability_map = "zero" }
# ///
# %% probability_map
model = LogisticRegression().fit(X, y)
prob = model.predict_proba(np.c_[gridx1.ravel(), gridx2.ravel()])[:, 1].reshape(51, 51).clip(0.03, 0.97)
