# /// case
# about = "the share of class 1 among the 25 nearest rows"
# expect = { test_probability_map = "zero" }
# ///
# %% probability_map
points = np.c_[gridx1.ravel(), gridx2.ravel()]
distance = ((points[:, None, :] - X[None]) ** 2).sum(axis=2)
nearest = np.argsort(distance, axis=1)[:, :25]
prob = y[nearest].mean(axis=1).reshape(51, 51)
