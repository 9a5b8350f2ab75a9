# /// case
# about = "the fit of every second row"
# expect = { test_probability_map = "zero" }
# kind = "near"
# ///
# %% probability_map
model = LogisticRegression().fit(X[::2], y[::2])
prob = model.predict_proba(np.c_[gridx1.ravel(), gridx2.ravel()])[:, 1].reshape(51, 51)
