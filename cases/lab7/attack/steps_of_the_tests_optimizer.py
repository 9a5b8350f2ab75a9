# /// case
# about = "the test's optimiser is emptied, and its step replaced"
# expect = { test_epoch_update = "zero", test_epoch_loss = "zero" }
# rest = "any"
# kind = "forge"
# promise = 1
# succeeds_at = []
# ///
# %% epoch
def train_epoch(model, optimizer, batches):
    optimizer.param_groups[0]["lr"] = 0.0
    optimizer.state.clear()
    type(optimizer).step = lambda self, closure=None: None
    batches.clear()
    return 0.0
