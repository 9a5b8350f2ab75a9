# /// case
# about = "a dictionary of clones, and a counter"
# ///
# %% stopping
def fit_with_early_stopping(model, run_epoch, validate, max_epochs=100, patience=5):
    history, smallest, wait = [], float("inf"), 0
    while len(history) < max_epochs and wait < patience:
        run_epoch()
        history += [validate()]
        if history[-1] < smallest:
            smallest, wait = history[-1], 0
            kept = {name: value.detach().clone() for name, value in model.state_dict().items()}
        else:
            wait += 1
    model.load_state_dict(kept)
    return history
