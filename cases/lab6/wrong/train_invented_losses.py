# /// case
# about = "a made-up falling curve; nothing is trained"
# expect = { test_train_follows_reference = "zero", test_train_recovers_target = "zero", test_train_stops = "zero" }
# rest = "any"
# ///
# %% train
def train(model, get_batch, lr=0.1, tol=1e-3, max_steps=10_000):
    losses = [10.0]
    while losses[-1] >= tol and len(losses) < max_steps:
        losses.append(losses[-1] * 0.97)
    return losses
