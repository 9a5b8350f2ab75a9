# /// case
# about = "X and y are used for the grid's points afterwards"
# ///
# %% probability_map
w, b = fit_logistic(X, y)
X = np.c_[gridx1.ravel(), gridx2.ravel()]
y = sigmoid(X @ np.ravel(w) + np.squeeze(b))
prob = y.reshape(gridx1.shape)
gridx1 = gridx2 = w = b = None
