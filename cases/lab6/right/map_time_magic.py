# /// case
# about = "a cell magic on top, the fit by another solver"
# ///
# %% probability_map
%%time
m = LogisticRegression(solver="newton-cg").fit(X, y)
P = np.stack((gridx1, gridx2), axis=-1)
prob = np.apply_along_axis(lambda p: m.predict_proba(p[None])[0, 1], 2, P)
print(prob.shape)
