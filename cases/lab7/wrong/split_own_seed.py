# /// case
# about = "a generator of its own with a fixed seed"
# expect = { test_split = "zero" }
# rest = "any"
# ///
# %% split
def split_rows(n, rng):
    order = np.random.default_rng(2020).permutation(n)
    a, b = int(0.6 * n), int(0.2 * n)
    return order[:a], order[a : a + b], order[a + b :]
