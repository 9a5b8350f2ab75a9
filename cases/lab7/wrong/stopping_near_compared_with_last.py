# /// case
# about = "compared with the loss before, not with the smallest"
# expect = { test_stopping_ends = "zero" }
# rest = "any"
# kind = "near"
# ///
# %% stopping
def fit_with_early_stopping(model, run_epoch, validate, max_epochs=100, patience=5):
    losses, wait = [], 0
    for epoch in range(max_epochs):
        run_epoch()
        losses.append(validate())
        if losses[-1] == min(losses):
            state = copy.deepcopy(model.state_dict())
        wait = 0 if epoch == 0 or losses[-1] < losses[-2] else wait + 1
        if wait == patience:
            break
    model.load_state_dict(state)
    return losses
