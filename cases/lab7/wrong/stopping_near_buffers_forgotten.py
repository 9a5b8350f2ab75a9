# /// case
# about = "only the parameters come back"
# expect = { test_stopping_restores = "zero" }
# rest = "any"
# kind = "near"
# ///
# %% stopping
def fit_with_early_stopping(model, run_epoch, validate, max_epochs=100, patience=5):
    losses, best, wait = [], float("inf"), 0
    for _ in range(max_epochs):
        run_epoch()
        losses.append(validate())
        if losses[-1] < best:
            best, state, wait = losses[-1], [p.detach().clone() for p in model.parameters()], 0
        else:
            wait += 1
            if wait == patience:
                break
    with torch.no_grad():
        for p, old in zip(model.parameters(), state):
            p.copy_(old)
    return losses
