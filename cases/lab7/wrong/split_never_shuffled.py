# /// case
# about = "the first rows are for training"
# expect = { test_split = "zero" }
# rest = "any"
# ///
# %% split
def split_rows(n, rng):
    rows = np.arange(n)
    return rows[: int(0.6 * n)], rows[int(0.6 * n) : int(0.6 * n) + int(0.2 * n)], rows[int(0.6 * n) + int(0.2 * n) :]
