# /// case
# about = "run_epoch is called by a student's validate, again and again, until the stack ends"
# expect = { test_stopping_ends = "zero", test_stopping_restores = "zero" }
# rest = "any"
# kind = "exhaust"
# promise = 4
# succeeds_at = []
# ///
# %% stopping
def fit_with_early_stopping(model, run_epoch, validate, max_epochs=100, patience=5):
    def deeper(depth):
        run_epoch()
        return deeper(depth + 1)

    try:
        deeper(0)
    except RecursionError:
        pass
    return [validate()]
