# /// case
# about = "drawn without replacement, the rest by difference of sets"
# ///
# %% split
def split_rows(n, rng):
    train = rng.choice(n, int(0.6 * n), replace=False)
    rest = np.setdiff1d(np.arange(n), train)
    val = rng.choice(rest, size=int(0.2 * n), replace=False)
    return train, val, np.setdiff1d(rest, val)
