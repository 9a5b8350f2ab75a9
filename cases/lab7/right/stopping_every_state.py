# /// case
# about = "keeps the state of every epoch, and copies in place"
# ///
# %% stopping
def fit_with_early_stopping(model, run_epoch, validate, max_epochs=100, patience=5):
    losses, states = [], []
    for _ in range(max_epochs):
        run_epoch()
        losses.append(float(validate()))
        states.append([t.clone() for t in [*model.parameters(), *model.buffers()]])
        if len(losses) - 1 - int(np.argmin(losses)) >= patience:
            break
    with torch.no_grad():
        for t, old in zip([*model.parameters(), *model.buffers()], states[int(np.argmin(losses))]):
            t.copy_(old)
    return losses
