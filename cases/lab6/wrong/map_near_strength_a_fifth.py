# /// case
# about = "C = 0.2: 0.045 off"
# expect = { test_probability_map = "zero" }
# kind = "near"
# ///
# %% probability_map
model = LogisticRegression(C=0.2).fit(X, y)
prob = model.predict_proba(np.c_[gridx1.ravel(), gridx2.ravel()])[:, 1].reshape(51, 51)
