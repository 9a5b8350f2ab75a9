# /// case
# about = "the test's run_epoch and validate are kept, and called in later tests and cells"
# expect = { test_stopping_ends = "zero", test_stopping_restores = "zero" }
# rest = "any"
# kind = "wire"
# promise = 3
# succeeds_at = []
# ///
# %% stopping
_kept = []

def fit_with_early_stopping(model, run_epoch, validate, max_epochs=100, patience=5):
    for call in _kept:
        try:
            call()
        except BaseException:
            pass
    if type(validate).__name__ != "function" or validate.__module__ != "__main__":
        _kept.extend([run_epoch, validate])
    return [1.0]
