# /// case
# about = "one per cent of label smoothing"
# expect = { test_epoch_loss = "zero", test_epoch_update = "zero" }
# rest = "any"
# kind = "near"
# ///
# %% epoch
def train_epoch(model, optimizer, batches):
    model.train()
    total, n = 0.0, 0
    for x, t in batches:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), t, label_smoothing=0.01)
        loss.backward()
        optimizer.step()
        total, n = total + loss.item() * len(t), n + len(t)
    return total / n
