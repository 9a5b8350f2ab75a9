# /// case
# about = "scikit-learn's splitter, twice, with whole sizes and a seed drawn from rng"
# ///
# %% split
from sklearn.model_selection import train_test_split

def split_rows(n, rng):
    seed = int(rng.integers(2**31 - 1))
    train, rest = train_test_split(np.arange(n), train_size=int(0.6 * n), random_state=seed)
    val, test = train_test_split(rest, train_size=int(0.2 * n), random_state=seed)
    return train, val, test
