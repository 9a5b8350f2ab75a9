# /// case
# about = "single precision and rounded to two decimals, half a hundredth off"
# ///
# %% probability_map
model = LogisticRegression(C=1, solver="newton-cg").fit(X, y)
w1, w2 = model.coef_[0]
prob = np.round(1 / (1 + np.exp(-(w1 * gridx1 + w2 * gridx2 + model.intercept_))), 2).astype(np.float32)
