# /// case
# about = "two loops over the grid"
# ///
# %% probability_map
weights, offset = fit_logistic(X, y, 1.0)
weights = np.ravel(weights)
prob = np.zeros((51, 51))
for row in range(51):
    for column in range(51):
        score = weights[0] * gridx1[row, column] + weights[1] * gridx2[row, column] + np.ravel(offset)[0]
        prob[row, column] = 1 / (1 + np.exp(-score))
