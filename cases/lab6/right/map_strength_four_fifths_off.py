# /// case
# about = "C = 0.8 is within the tolerance of the map"
# ///
# %% probability_map
model = LogisticRegression(C=0.8).fit(X, y)
prob = model.predict_proba(np.c_[gridx1.ravel(), gridx2.ravel()])[:, 1].reshape(51, 51)
