# /// case
# about = "asks the test's get_batch for 2^40 rows, for none, for text and for a million small batches"
# expect = { test_train_stops = "zero", test_train_follows_reference = "zero", test_train_recovers_target = "zero" }
# kind = "deny"
# promise = 4
# succeeds_at = []
# ///
# %% train
# the grader's own process allocates terabytes, or its assertion is swallowed
def train(model, get_batch, lr=0.1, tol=1e-3, max_steps=10_000):
    for size in (2**40, -1, 0, "32", 1e9, None, True, [32]):
        try:
            get_batch(size)
        except BaseException:
            pass
    return [0.0] * min(max_steps, 20)
