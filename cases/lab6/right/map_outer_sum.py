# /// case
# about = "separable logits, an outer sum with x2 down the rows"
# ///
# %% probability_map
(coefficient, intercept) = fit_logistic(X, y)
coefficient = np.asarray(coefficient).reshape(-1)
axis = np.linspace(-6, 6, 51)
logit = np.add.outer(coefficient[1] * axis, coefficient[0] * axis) + float(np.asarray(intercept).reshape(()) if np.ndim(intercept) == 0 else intercept[0])
prob = 0.5 * np.tanh(logit / 2) + 0.5
