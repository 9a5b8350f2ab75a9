# /// case
# about = "the numbers are shuffled in place"
# ///
# %% split
def split_rows(n, rng):
    numbers = np.arange(n)
    rng.shuffle(numbers)
    return list(np.split(numbers, [int(0.6 * n), int(0.6 * n) + int(0.2 * n)]))
