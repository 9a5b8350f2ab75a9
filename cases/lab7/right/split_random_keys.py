# /// case
# about = "rows sorted by random numbers, the parts sorted again"
# ///
# %% split
def split_rows(n, rng):
    place = np.argsort(np.argsort(rng.random(n)))
    train, val = int(n * 0.6), int(n * 0.2)
    rows = np.arange(n)
    return rows[place < train], rows[(place >= train) & (place < train + val)], rows[place >= train + val]
