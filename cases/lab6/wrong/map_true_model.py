# /// case
# about = "the log-odds of the model that drew the data, 2 x1 + 2 x2 - 4, not the fit"
# expect = { test_probability_map = "zero" }
# ///
# %% probability_map
prob = 1 / (1 + np.exp(-(2 * gridx1 + 2 * gridx2 - 4)))
