# /// case
# about = "run_epoch and validate are called by many threads at once"
# expect = { test_stopping_ends = "zero", test_stopping_restores = "zero" }
# rest = "any"
# kind = "wire"
# promise = 4
# succeeds_at = []
# ///
# %% stopping
import threading

def fit_with_early_stopping(model, run_epoch, validate, max_epochs=100, patience=5):
    found = []

    def work():
        try:
            run_epoch()
            found.append(validate())
        except BaseException:
            pass

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(2)
    return found
