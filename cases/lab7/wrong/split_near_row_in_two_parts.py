# /// case
# about = "drawn for each part anew, so that rows come in two of them"
# expect = { test_split = "zero" }
# rest = "any"
# kind = "near"
# ///
# %% split
def split_rows(n, rng):
    a, b = int(0.6 * n), int(0.2 * n)
    return tuple(rng.choice(n, size, replace=False) for size in (a, b, n - a - b))
