# /// case
# about = "a dict filled key by key, one negative zero"
# ///
# %% curves
curves = {}
for colour, pair in zip(["orange", "green", "blue"], [[1, 5], [5, 5], [1, -0.0]]):
    curves[colour] = pair
