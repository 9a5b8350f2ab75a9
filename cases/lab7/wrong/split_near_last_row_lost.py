# /// case
# about = "the last row is in no part"
# expect = { test_split = "zero" }
# rest = "any"
# kind = "near"
# ///
# %% split
def split_rows(n, rng):
    order = rng.permutation(n - 1)
    a, b = int(0.6 * n), int(0.2 * n)
    return order[:a], order[a : a + b], order[a + b :]
