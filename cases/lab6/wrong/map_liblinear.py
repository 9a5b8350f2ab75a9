# /// case
# about = "a penalised intercept: 0.03 off"
# expect = { test_probability_map = "zero" }
# ///
# %% probability_map
model = LogisticRegression(solver="liblinear", tol=1e-8).fit(X, y)
prob = model.predict_proba(np.c_[gridx1.ravel(), gridx2.ravel()])[:, 1].reshape(51, 51)
