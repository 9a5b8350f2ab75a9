# /// case
# about = "the log-odds in place of probabilities"
# expect = { test_probability_map = "zero" }
# ///
# %% probability_map
model = LogisticRegression().fit(X, y)
prob = model.decision_function(np.c_[gridx1.ravel(), gridx2.ravel()]).reshape(51, 51)
