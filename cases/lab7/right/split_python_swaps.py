# /// case
# about = "Fisher and Yates by hand, in 32-bit integers"
# ///
# %% split
def split_rows(n, rng):
    rows = list(range(n))
    for i in range(n - 1, 0, -1):
        j = int(rng.integers(i + 1))
        rows[i], rows[j] = rows[j], rows[i]
    a = int(0.6 * n)
    b = a + int(0.2 * n)
    return tuple(np.array(part, dtype=np.int32) for part in (rows[:a], rows[a:b], rows[b:]))
