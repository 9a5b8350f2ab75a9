# /// case
# about = "masks, where row numbers are asked for"
# expect = { test_split = "zero" }
# rest = "any"
# ///
# %% split
def split_rows(n, rng):
    order = rng.permutation(n)
    a, b = int(0.6 * n), int(0.2 * n)
    return order < a, (order >= a) & (order < a + b), order >= a + b
