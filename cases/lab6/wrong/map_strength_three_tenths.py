# /// case
# about = "C = 0.3 in place of 1: 0.029 off"
# expect = { test_probability_map = "zero" }
# ///
# %% probability_map
model = LogisticRegression(C=0.3).fit(X, y)
prob = model.predict_proba(np.c_[gridx1.ravel(), gridx2.ravel()])[:, 1].reshape(51, 51)
