# /// case
# about = "the middle one of the values as they come, for the median; the other two parts are right"
# expect = { test_summary = "partial" }
# ///
# %% summary
def summary(values):
    return {"mean": np.mean(values), "median": values[len(values) // 2], "spread": np.ptp(values)}
