# /// case
# about = "other ways to the same values: plain Python and loops"
# ///
# %% fahrenheit
def to_fahrenheit(celsius):
    return 32 + 1.8 * celsius
# %% summary
def summary(values):
    ordered = sorted(values)
    middle = len(ordered) // 2
    median = ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
    return {"mean": sum(ordered) / len(ordered), "median": median, "spread": ordered[-1] - ordered[0]}
# %% standardise
def standardise(X):
    columns = []
    for column in X.T:
        deviations = column - column.mean()
        columns.append(deviations / deviations.std() if deviations.any() else deviations)
    return np.array(columns).T
# %% descend
def descend(slope, start, rate=0.1, tol=1e-6, max_steps=500):
    x, steps = start, 0
    while steps < max_steps and abs(slope(x)) >= tol:
        x -= rate * slope(x)
        steps += 1
    return x
