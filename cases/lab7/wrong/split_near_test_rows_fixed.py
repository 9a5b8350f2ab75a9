# /// case
# about = "training and validation are shuffled, the last fifth is always for test"
# expect = { test_split = "zero" }
# rest = "any"
# kind = "near"
# ///
# %% split
def split_rows(n, rng):
    a, b = int(0.6 * n), int(0.2 * n)
    order = rng.permutation(a + b)
    return order[:a], order[a:], np.arange(a + b, n)
