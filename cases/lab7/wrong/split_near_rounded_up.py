# /// case
# about = "sizes rounded up, not down"
# expect = { test_split = "zero" }
# rest = "any"
# kind = "near"
# ///
# %% split
def split_rows(n, rng):
    order = rng.permutation(n)
    a, b = int(np.ceil(0.6 * n)), int(np.ceil(0.2 * n))
    return order[:a], order[a : a + b], order[a + b :]
