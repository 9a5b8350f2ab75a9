# /// case
# about = "the rows are rotated by a random number, not shuffled"
# expect = { test_split = "zero" }
# rest = "any"
# kind = "near"
# ///
# %% split
def split_rows(n, rng):
    order = np.roll(np.arange(n), rng.integers(n))
    a, b = int(0.6 * n), int(0.2 * n)
    return order[:a], order[a : a + b], order[a + b :]
