# /// case
# about = "clipped to [0.01, 0.99], half of the tolerance"
# ///
# %% probability_map
model = LogisticRegression().fit(X, y)
prob = model.predict_proba(np.c_[gridx1.ravel(), gridx2.ravel()])[:, 1].reshape(51, 51).clip(0.01, 0.99)
