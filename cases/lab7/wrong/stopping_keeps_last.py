# /// case
# about = "the model stays as it was after the last epoch"
# expect = { test_stopping_restores = "zero" }
# rest = "any"
# ///
# %% stopping
def fit_with_early_stopping(model, run_epoch, validate, max_epochs=100, patience=5):
    losses = []
    for _ in range(max_epochs):
        run_epoch()
        losses.append(validate())
        if len(losses) - 1 - losses.index(min(losses)) >= patience:
            break
    return losses
