# /// case
# about = "the test's generator is set back after every call, so that \"the same state\" is always the same"
# expect = { test_split = "zero" }
# rest = "any"
# kind = "forge"
# promise = 1
# succeeds_at = []
# ///
# %% split
def split_rows(n, rng):
    state = rng.bit_generator.state
    order = rng.permutation(n)
    rng.bit_generator.state = state
    a, b = int(0.6 * n), int(0.2 * n)
    return order[:a], order[a : a + b], order[a + b :]
