# /// case
# about = "scikit-learn's predict_proba at the grid points"
# ///
# %% probability_map
grid_model = LogisticRegression().fit(X, y)
prob = grid_model.predict_proba(np.c_[gridx1.ravel(), gridx2.ravel()])[:, 1].reshape(gridx1.shape)
