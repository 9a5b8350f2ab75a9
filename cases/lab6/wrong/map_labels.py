# /// case
# about = "predicted labels in place of probabilities"
# expect = { test_probability_map = "zero" }
# ///
# %% probability_map
model = LogisticRegression().fit(X, y)
prob = model.predict(np.c_[gridx1.ravel(), gridx2.ravel()]).reshape(51, 51)
