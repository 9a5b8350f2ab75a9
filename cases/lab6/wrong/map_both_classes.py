# /// case
# about = "an array (51, 51, 2)"
# expect = { test_probability_map = "zero" }
# ///
# %% probability_map
model = LogisticRegression().fit(X, y)
prob = model.predict_proba(np.c_[gridx1.ravel(), gridx2.ravel()]).reshape(51, 51, 2)
